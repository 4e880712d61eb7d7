"""SQLAlchemy: tables, relations and queries on SQLite; dialects are found by entry points and names."""

from sqlalchemy import ForeignKey, create_engine, func, inspect, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="author", cascade="all, delete-orphan")


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author] = relationship(back_populates="books")


def main():
    engine = create_engine("sqlite:///books.db")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Author(name="Le Guin", books=[Book(title="A"), Book(title="B")]))
        session.commit()
    with Session(engine) as session:
        author = session.scalars(select(Author).options(selectinload(Author.books))).one()
        assert [book.title for book in author.books] == ["A", "B"]
        session.delete(author)
        session.commit()
        assert session.scalar(select(func.count()).select_from(Book)) == 0
    assert inspect(engine).get_table_names() == ["author", "book"]
    engine.dispose()
