"""masses"""

import sqlalchemy
from alembic import op

revision, down_revision = "2b", "a1"


def upgrade():
    with op.batch_alter_table("planet") as table:
        table.add_column(sqlalchemy.Column("mass", sqlalchemy.Integer))


def downgrade():
    with op.batch_alter_table("planet") as table:
        table.drop_column("mass")
