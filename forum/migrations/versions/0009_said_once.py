"""What was sent by a form and what it made of it, updates with a version, own last reply, and forms parked for their writer"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.add_column(sa.Column("words", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index("ix_form_keys_member_id_words", ["member_id", "words"], unique=False)
    with op.batch_alter_table("updates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index("ix_posts_thread_id_member_id_id", ["thread_id", "member_id", "id"], unique=False)
    # Whose the parked forms are cannot be told any more: as before, the browser that sent them has them, for a day.
    with op.batch_alter_table("parked_forms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("member_id", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index("ix_parked_forms_member_id", ["member_id"], unique=False)
    # A version of an update is the number of its last kept text.
    op.execute(
        "UPDATE updates SET version = (SELECT COALESCE(MAX(number), 1) FROM revisions"
        " WHERE revisions.kind = 'update' AND revisions.ref_id = updates.id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("parked_forms", schema=None) as batch_op:
        batch_op.drop_index("ix_parked_forms_member_id")
        batch_op.drop_column("member_id")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index("ix_posts_thread_id_member_id_id")
    with op.batch_alter_table("updates", schema=None) as batch_op:
        batch_op.drop_column("version")
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.drop_index("ix_form_keys_member_id_words")
        batch_op.drop_column("version")
        batch_op.drop_column("words")
