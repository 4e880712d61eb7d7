import sqlglot
from sqlglot.optimizer import optimize


def use():
    statement = "SELECT a, COUNT(*) FROM t WHERE a > 1 + 2 GROUP BY 1 LIMIT 5"
    return [
        sqlglot.transpile(statement, write="tsql")[0],
        optimize(sqlglot.parse_one(statement), schema={"t": {"a": "int"}}).sql(),
        [table.name for table in sqlglot.parse_one("select 1 from x join y").find_all(sqlglot.exp.Table)],
    ]
