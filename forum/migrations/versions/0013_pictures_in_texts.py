"""Pictures and files have a number, by which a text names them; those that come in with a file wait for what they show"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0013", "0012"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachments") as table:
        table.add_column(sa.Column("number", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("asked", sa.Boolean, nullable=False, server_default=sa.false()))
    files = sa.table("attachments", *(sa.column(name, sa.Integer) for name in ("id", "case_study_id", "number")))
    numbers: dict[int, int] = {}
    for id_, case_id in op.get_bind().execute(sa.select(files.c.id, files.c.case_study_id).order_by(files.c.id)).all():
        numbers[case_id] = numbers.get(case_id, 0) + 1
        op.get_bind().execute(files.update().where(files.c.id == id_).values(number=numbers[case_id]))
    with op.batch_alter_table("attachments") as table:
        table.alter_column("number", server_default=None)
        table.alter_column("asked", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("attachments") as table:
        table.drop_column("asked")
        table.drop_column("number")
