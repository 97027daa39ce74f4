"""Which case studies are near each other"""

import sqlalchemy as sa
from alembic import op

from forum.kernel.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "similar_case_studies",
        sa.Column("case_study_id", sa.Integer(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_similar_case_studies_case_study_id")),
        sa.PrimaryKeyConstraint("case_study_id", name=op.f("pk_similar_case_studies")),
    )
    op.create_index("ix_similar_case_studies_due_at", "similar_case_studies", ["due_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_similar_case_studies_due_at", table_name="similar_case_studies")
    op.drop_table("similar_case_studies")
