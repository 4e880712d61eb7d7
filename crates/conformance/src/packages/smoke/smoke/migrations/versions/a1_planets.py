"""planets"""

import sqlalchemy
from alembic import op

revision, down_revision = "a1", None


def upgrade():
    op.create_table("planet", sqlalchemy.Column("name", sqlalchemy.String))


def downgrade():
    op.drop_table("planet")
