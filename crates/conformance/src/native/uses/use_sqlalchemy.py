import sqlalchemy
import sqlalchemy.cyextension.collections
from sqlalchemy import orm


class Base(orm.DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]


def use():
    engine = sqlalchemy.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with orm.Session(engine) as session:
        session.add_all([Person(name="a"), Person(name="b")])
        session.commit()
        names = session.scalars(sqlalchemy.select(Person.name).order_by(Person.name.desc())).all()
    ordered = sqlalchemy.util.OrderedSet([3, 1, 3])
    return [names, list(ordered), type(ordered).__module__]
