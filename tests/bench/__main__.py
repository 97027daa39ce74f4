"""Builds 2,000 threads of 10 posts in a scratch instance, serves them, and prints a table."""

import os
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from forum.accounts.actions import create, open_session
from forum.accounts.passwords import hash_password
from forum.app import create_app
from forum.config import Settings
from forum.discussions.models import Post, Thread
from forum.documents.markdown import RENDER_VERSION, render
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.schema import migrate
from forum.search.indexing import rebuild
from tests.bench.cases import measured
from tests.bench.identifying import SIZE, slowest
from tests.bench.load import Result, ask

THREADS, POSTS, SECONDS = 2_000, 10, float(os.environ.get("BENCH_SECONDS", "4"))
PORT, BARE_PORT = 8770, 8771
WORDS = [
    "discharge",
    "carer",
    "huddle",
    "neighbourhood",
    "frailty",
    "virtual",
    "referral",
    "pharmacy",
    "partner",
    "council",
    "winter",
    "therapy",
    "audit",
    "hospice",
    "falls",
    "prescribing",
]


def sentences() -> list[str]:
    """Real sentences, so that words are as common and as rare as in what people write: those of the demo content."""
    folder = Path(__file__).resolve().parents[2] / "forum/demo/content"
    text = " ".join(f.read_text("utf-8") for f in sorted(folder.rglob("*.toml")))
    return [s for s in re.findall(r"[A-Z][^.!?\n=]{30,200}[.!?]", text) if "|" not in s]


def text(rng: random.Random, said: list[str]) -> str:
    """Three paragraphs of three sentences."""
    return "\n\n".join(" ".join(rng.choices(said, k=3)) for _ in range(3))


CASES_BY = (("ada", "member"), ("mo", "moderator"))


def build(folder: Path) -> list[str]:
    """Everything there is to ask for; gives the addresses of the two case studies with measures."""
    app = create_app(Settings.from_env({"FORUM_INSTANCE": str(folder)}))
    rng, at, said = random.Random(7), now() - timedelta(days=400), sentences()
    with app.app_context():
        migrate()
        texts = [(t, render(t)) for t in (text(rng, said) for _ in range(2_000))]
        with transaction() as session:
            people = [create(f"Person {n}", f"p{n}@example.org", "", "nurse").id for n in range(200)]
            threads, posts = [], []
            for number in range(10, THREADS + 10):
                when = at + timedelta(minutes=number * 250)
                title = " ".join(rng.choice(said).split()[:7])
                common = {"status": "published", "member_id": rng.choice(people), "created_at": when}
                threads.append(
                    {"id": number, "title": title, "last_at": when, "posts_made": POSTS, "reply_count": POSTS - 1}
                    | {"question": False, "pinned": False, "locked": False, "subject_kind": "", "subject_id": 0, "version": 1}
                    | common
                )
                for seq in range(1, POSTS + 1):
                    raw, html = rng.choice(texts)
                    post = {"thread_id": number, "seq": seq, "text": raw, "html": html, "render_version": RENDER_VERSION}
                    posts.append(post | common | {"member_id": rng.choice(people), "justification": "", "version": 1, "thanks": 0})
            # One thread with two pages, to measure a page of 20 posts.
            for seq in range(POSTS + 1, 41):
                raw, html = rng.choice(texts)
                extra = {"thread_id": 10, "seq": seq, "text": raw, "html": html, "render_version": RENDER_VERSION, "version": 1}
                posts.append(
                    extra | {"member_id": people[seq], "status": "published", "created_at": at, "justification": "", "thanks": 0}
                )
            threads[0]["posts_made"], threads[0]["reply_count"] = 40, 39
            session.execute(insert(Thread), threads)
            session.execute(insert(Post), posts)
        with transaction():
            author, judge = (create(f"{name} Bench", f"{name}@example.org", "", "nurse", access) for name, access in CASES_BY)
            author.confirmed_at = judge.confirmed_at = now()
        urls = [measured(author.member(), judge.member(), count) for count in (2, 20)]
        print(f"{THREADS} threads of {POSTS} posts; indexing {rebuild()} documents", flush=True)
        db.engine.dispose()
    return urls


def member_cookie(folder: Path) -> str:
    """A signed-in session, made as signing in makes it."""
    app = create_app(Settings.from_env({"FORUM_INSTANCE": str(folder)}))
    with app.app_context(), transaction():
        account = create("Bench Member", "bench@example.org", hash_password("not used to sign in"), "nurse")
        account.confirmed_at = now()
        session_id = open_session(account, "bench")
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = session_id, True
    cookie = client.get_cookie("session")
    assert cookie
    return f"session={cookie.value}"


def wait(port: int) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("a server did not start")


def pages(count: int) -> dict[str, list[str]]:
    base = f"http://127.0.0.1:{PORT}"
    found: list[str] = []
    for number in range(1, 1 + count // 25):
        html = urllib.request.urlopen(f"{base}/discussions?page={number}", timeout=20).read().decode()
        found += re.findall(r'href="(/discussions/\d+-[^"?#]+)"', html)
    with urllib.request.urlopen(f"{base}/discussions/10", timeout=20) as answer:
        long = answer.geturl().removeprefix(base)
    searches = [f"/search?q={a}+{b}" for a, b in zip(WORDS, WORDS[5:], strict=False)]
    lists = [f"/discussions?page={n}" for n in range(1, 60)]
    return {
        "home": ["/"],
        "list of 25": lists,
        "thread, 10 posts": found,
        "thread, 20 posts": [long],
        "search, two words": searches,
    }


def show(name: str, at_once: int, result: Result, yardstick: float) -> None:
    ratio = result.cpu / yardstick if yardstick else 1.0
    print(
        f"{name:<34}{at_once:>4}{result.rate:>10.0f}{result.p50:>9.2f}{result.p95:>9.2f}{result.cpu:>9.2f}{ratio:>8.2f}{result.size / 1000:>9.1f}",
        flush=True,
    )


def main() -> None:
    took, shape = slowest()
    print(f"identifiability check, {SIZE:,} characters made to keep it busy: at most {took:.0f} ms of processor, for {shape}")
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    measured_cases = build(folder)
    cookie = member_cookie(folder)
    env = {k: v for k, v in os.environ.items() if not k.startswith("FORUM_")}
    ours = env | {"FORUM_INSTANCE": str(folder), "FORUM_RATE_LIMITS": "off", "FORUM_BASE_URL": f"http://127.0.0.1:{PORT}"}
    start = time.monotonic()
    site = subprocess.Popen([sys.executable, "-m", "forum", "web", "--port", str(PORT), "--workers", "2"], env=ours)
    wait(PORT)
    print(f"cold start {time.monotonic() - start:.1f} s")
    server = ["-w", "2", "-k", "forum.web_process.WebProcess", "--threads", "4"]
    gunicorn = [*server, "-b", f"127.0.0.1:{BARE_PORT}", "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", *gunicorn, "tests.bench.bare:create()"]
    bare = subprocess.Popen(command, env=env | {"BARE_DB": str(folder / "forum.db")})
    wait(BARE_PORT)
    try:
        print(f"{'page':<34}{'at':>4}{'req/s':>10}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'× bare':>8}{'kB':>9}")
        chosen = pages(500) | {
            "case study, 2 measures": measured_cases[:1],
            "case study, 20 measures of 120": measured_cases[1:],
            "the list of case studies": ["/case-studies"],
        }
        for at_once in (1, 16):
            yardstick = ask(BARE_PORT, ["/thread/10"], at_once, SECONDS, bare.pid, {})
            show("bare Flask view, 20 posts", at_once, yardstick, yardstick.cpu)
            for name, paths in chosen.items():
                show(f"{name}, visitor", at_once, ask(PORT, paths, at_once, SECONDS, site.pid, {}), yardstick.cpu)
            for name, paths in chosen.items():
                result = ask(PORT, paths, at_once, SECONDS, site.pid, {"Cookie": cookie})
                show(f"{name}, member", at_once, result, yardstick.cpu)
    finally:
        for process in (site, bare):
            process.terminate()
            process.wait(30)


if __name__ == "__main__":
    main()
