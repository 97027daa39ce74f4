"""The narrative fields of a case study. One line here drives form, page, preview, completeness, search text, import and export.

What is asked for follows SQUIRE 2.0, TIDieR and the GRIPP2 short form. To add a field, add a line: narrative
texts share one column. What is chosen or comes in rows is in `parts.py`.
"""

from forum.records.items import Field

QUICK, STANDARD, FULL = "quick", "standard", "full"
DEPTHS = (QUICK, STANDARD, FULL)

# fmt: off
FIELDS: tuple[Field, ...] = (
    Field("title", "Title", "Title", "Say what changed and for whom. Example: Weekly care-home ward round cuts emergency admissions in Anytown.", 100, "quick-share", QUICK, shortest=15, markdown=False, items=("SQUIRE 1", "TIDieR 1")),
    Field("summary", "The result in one line", "In one line", "What is better now? If it is too early or it did not work, say so.", 140, "quick-share", QUICK, markdown=False, items=("SQUIRE 2",)),
    Field("problem", "What was the problem?", "The problem", "Who was affected, how often, how did you know? No patient details.", 800, "quick-share", QUICK, items=("SQUIRE 3",)),
    Field("actions", "What did you do?", "What we did", "Enough for a colleague elsewhere to picture it.", 1_500, "quick-share", QUICK, items=("SQUIRE 8",)),
    Field("results", "What happened?", "What happened", "Numbers if you have them, before and after, with dates.", 800, "quick-share", QUICK, items=("SQUIRE 13",)),
    Field("advice", "What would you tell someone starting tomorrow?", "What we would tell someone starting tomorrow", "One thing to do, one to avoid.", 600, "quick-share", QUICK),
    Field("population", "Who receives this?", "Who receives this", "About how many people a year? Give bands or rounded numbers.", 200, "setting", STANDARD, markdown=False),
    Field("plain_summary", "The whole of it in plain language", "In plain language", "So a patient could read only this.", 600, "plain-summary", STANDARD, items=("SQUIRE 2",)),
    Field("involvement_text", "How were patients, carers and the public involved?", "How people were involved", "Who, how they were found, and how they were thanked or paid. “No involvement yet” is an answer.", 500, "involvement", STANDARD),
    Field("hard", "What was hard, and what kept you going?", "What was hard, and what kept us going", "Setbacks, and what helped the team through them.", 800, "team", STANDARD, required=False, items=("SQUIRE 16",)),
    Field("measuring", "What did you measure, and how?", "What we measured", "What is counted, by whom, from which source, and what you know about its quality.", 800, "figures", STANDARD, required=False, items=("SQUIRE 10",)),
    Field("aim", "What was your aim?", "The aim", "How much, for whom, by when.", 250, "aim", FULL, markdown=False, items=("SQUIRE 6",)),
    Field("known", "What was already known?", "What was already known", "Earlier work and guidance that it follows. Put the references in the list below.", 1_000, "aim", FULL, items=("SQUIRE 4",)),
    Field("rationale", "Why did you think it would work?", "Why we thought it would work", "The idea behind it. You can add a driver diagram as a picture.", 1_000, "aim", FULL, items=("SQUIRE 5", "TIDieR 2")),
    Field("analysis", "How did you study and analyse it?", "How it was studied", "How you could tell whether the change made the difference.", 800, "study", FULL, items=("SQUIRE 9", "SQUIRE 11")),
    Field("equity", "Who benefited less?", "Who benefited less", "Differences between groups: age, ethnicity, deprivation, disability, language, place.", 600, "findings", FULL),
    Field("unintended", "What happened that you did not intend?", "What we did not intend", "Good or bad, here or elsewhere in the system, and the measures that watched for it.", 600, "findings", FULL, items=("SQUIRE 13",)),
    Field("limitations", "What are the limits of what you can say?", "Limitations", "Other things that changed, weak data, small numbers, what may not hold elsewhere.", 600, "findings", FULL, items=("SQUIRE 16",)),
    Field("conclusions", "What do you conclude, and can it last and spread?", "Conclusions", "What the results mean, what keeps it going, what others would need.", 1_000, "findings", FULL, items=("SQUIRE 14", "SQUIRE 15", "SQUIRE 17")),
    Field("ethics", "Ethics and approvals", "Ethics and approvals", "What was decided, by whom, with its reference.", 300, "declarations", FULL, markdown=False, items=("SQUIRE 12",)),
    Field("funding", "Who paid, and who has an interest?", "Funding and interests", "Money, goods or time from outside, and any interest of the authors. “None” is an answer.", 300, "declarations", FULL, markdown=False, items=("SQUIRE 18",)),
    Field("regulatory", "What is the question for the regulator?", "Points for regulators", "What the rules helped, hindered or did not foresee.", 400, "declarations", FULL),
    Field("rest", "The rest of the text", "The rest of the text", "What else an imported text says, in its own order. Readers see it. Move it into the fields above when you have time, or leave it.", 60_000, "original", FULL, required=False),
    Field("source_facts", "What the file says about itself", "What the file says about itself", "Such as its tags and category. Readers find it folded away.", 10_000, "original", FULL, required=False),
)
# fmt: on

BY_NAME: dict[str, Field] = {f.name: f for f in FIELDS}
BODY: tuple[Field, ...] = tuple(f for f in FIELDS if f.markdown)

CONFIRMATIONS: dict[str, str] = {
    "identity": "No patient, carer or member of staff can be identified, alone or from several details together",
    "consent": "Consent is recorded for any story or picture of a person",
    "rights": "We may share this: it is our team's work, or we have permission",
    "licence": "Others may use it under the licence that it names: Creative Commons Attribution 4.0, unless we chose another",
    "interests": "Any money or interest from a company is said in the text",
}
