"""Runs the migrations within the transaction of the caller, `wijkbudget.schema.migrate`."""

from alembic import context

from wijkbudget.database import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
