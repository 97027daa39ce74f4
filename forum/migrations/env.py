"""Alembic's entry: migrations run on the connection that `forum.schema` hands over."""

from alembic import context

from forum.kernel.db import Model

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    render_as_batch=True,
    user_module_prefix="",
)
with context.begin_transaction():
    context.run_migrations()
