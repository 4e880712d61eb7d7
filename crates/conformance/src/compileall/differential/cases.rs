//! The command lines, and the trees on which they run.

use std::fmt::Write as _;
use std::process::Output;

/// One command line on one tree.
#[derive(Clone, Copy)]
pub(super) struct Case {
    /// A shell script that creates the tree.
    pub(super) tree: &'static str,
    tree_name: &'static str,
    /// The arguments in shell syntax.
    pub(super) arguments: &'static str,
    /// The same command line first runs after each of these scripts.
    pub(super) before: &'static [&'static str],
    /// A script that runs before the run that is compared.
    pub(super) change: &'static str,
    pub(super) umask: &'static str,
    /// Environment variables in shell syntax.
    pub(super) environment: &'static str,
    pub(super) input: &'static str,
}

/// Creates the common part of all trees.
pub(super) const BEGIN: &str = "mkdir t; printf 'x = 1\\n' > t/a.py";

/// Sets the time of each source, unless the tree's script has set another.
pub(super) const END: &str = "find . -name '*.py' -newermt 2026-01-01 ! -newermt 2100-01-01 -type f -exec touch -d @1700000000.25 {} +";

const TREES: &[(&str, &str)] = &[
    (
        "plain",
        "mkdir -p t/pkg/sub/deep t/empty
         printf '\"\"\"Text.\"\"\"\\ndef f(x):\\n    \"\"\"More.\"\"\"\\n    assert x, \"y\"\\n    return __debug__\\n' > t/pkg/__init__.py
         printf 'class A[T]:\\n    b: int = {1, 2}\\n    async def c(self): return [d async for d in self]\\n' > t/pkg/b.py
         printf 'assert 1\\n' > t/pkg/sub/c.py; printf 'lambda: 0\\n' > t/pkg/sub/deep/d.py
         printf text > t/pkg/data.txt; printf 'x\\n' > t/pkg/e.pyw; : > t/pkg/none.py; printf 'x = 1' > t/pkg/open.py",
    ),
    (
        "wrong",
        "mkdir t/w; printf 'x = = 1\\n' > t/w/a.py; printf 'def f(:\\n  pass\\n' > t/w/b.py; printf 'x = 1\\n' > t/w/c.py
         printf '\\xff = 1\\n' > t/w/d.py; printf '# coding: soup\\nx = 1\\n' > t/w/e.py; printf 'x = \"\\0\"\\n' > t/w/f.py
         printf 'if 1:\\n\\tx\\n        y\\n' > t/w/g.py; printf 'return 1\\n' > t/w/h.py; printf 'x = (\\n' > t/w/i.py
         printf 'x = 1 is 2\\n' > t/w/j.py; printf 'x = \"\\\\d\"\\n' > t/w/k.py; printf '# coding: latin-1\\nx = \"\\xe9\"\\n' > t/w/l.py
         printf '\\xef\\xbb\\xbfx = 1\\r\\n' > t/w/m.py; printf 'assert (x, 1)\\n' > t/w/n.py; printf '  x\\n' > t/w/o.py
         printf 'd\\xc3\\xa9f = \"\\xc3\\xa9\" = 1\\n' > t/w/p.py",
    ),
    (
        "links",
        "mkdir t/d o; printf 'y = 2\\n' > o/out.py; printf 'z = 3\\n' > t/d/in.py
         ln -s ../o/out.py t/l1.py; ln -s d/in.py t/l2.py; ln -s d t/dl; ln -s ../o t/ol; ln -s nowhere t/l3.py; ln -s l4.py t/l4.py
         ln -s . t/d/loop; ln t/a.py t/hard.py; mkfifo t/pipe.py; ln -s /dev/null t/null.py; ln -s \"$PWD/o/out.py\" t/abs.py",
    ),
    (
        "modes",
        "printf 'x\\n' > t/r.py; chmod 444 t/r.py; printf 'x\\n' > t/x.py; chmod 755 t/x.py; printf 'x\\n' > t/p.py; chmod 600 t/p.py
         printf 'x\\n' > t/n.py; chmod 000 t/n.py; printf 'x\\n' > t/g.py; chmod 2664 t/g.py; printf 'x\\n' > t/s.py; chmod 4777 t/s.py
         mkdir t/d; printf 'x\\n' > t/d/a.py; chmod 2755 t/d; mkdir -m 700 t/e; printf 'x\\n' > t/e/a.py
         printf 'x\\n' > t/o.py; chown 1234:2345 t/o.py",
    ),
    (
        "names",
        "cd t; for name in 'a b.py' 'ä€😀.py' \"q'q.py\" 'd\"d.py' 'b\\b.py' 'a.b.py' 'a..py' '.py' '.h.py' '-x.py' 'u.PY' 'v.py.py' 'w.pyx' \"$(printf 'n\\nl.py')\" \"$(printf 'f\\xff.py')\" \"$(printf 't\\tt.py')\" 'p%p.py' 'py' '日本.py'; do printf 'x\\n' > \"./$name\"; done
         mkdir dir.py __pycache__ 'sp ace' \"$(printf 'g\\xfe')\"; printf 'x\\n' > dir.py/in.py; printf 'x\\n' > __pycache__/no.py
         printf 'x\\n' > 'sp ace/a.py'; printf 'x\\n' > \"$(printf 'g\\xfe')/a.py\"",
    ),
    (
        "times",
        "printf 'x\\n' > t/zero.py; touch -d @0 t/zero.py; printf 'x\\n' > t/old.py; touch -d @-5.5 t/old.py; printf 'x\\n' > t/half.py
         touch -d @1600000000.999999999 t/half.py; printf 'x\\n' > t/far.py; touch -d @4294967301.5 t/far.py; printf 'x\\n' > t/max.py; touch -d @4294967295 t/max.py",
    ),
];

/// Arguments to run on each tree.
const EVERYWHERE: &[&str] = &[
    "t",
    "-q t",
    "-qq t",
    "-f t",
    "-l t",
    "-r1 t",
    "-b t",
    "-o1 t",
    "-o0 -o1 -o2 t",
    "-o0 -o1 -o2 --hardlink-dupes t",
    "--invalidation-mode checked-hash t",
    "--invalidation-mode unchecked-hash -o 2 t",
    "-d dest t",
    "-s t t",
    "-p /pre t",
    "-s t -p pre t",
    "-j2 t",
    "-e t t",
    "-x 'a.py' t",
    "t/",
    "./t",
    "\"$PWD/t\"",
    "-e . -f t t",
];

/// Arguments to run on the plain tree.
const PLAIN: &[&str] = &[
    "-r0 t",
    "-r2 t",
    "-r 10 t",
    "-r -1 t",
    "-l -r2 t",
    "-r' 1' t",
    "-r1_0 t",
    "-qqq t",
    "-lf t",
    "-qb t",
    "-o 0 t",
    "-o2 t",
    "-o ' 1' t",
    "-o-1 t",
    "-o 3 t",
    "-o x t",
    "-o1 -o1 t",
    "-o2 -o0 t",
    "-o0 --hardlink-dupes t",
    "-o0 -o2 --hardlink-dupes t",
    "-o1 -o2 --hardlink-dupes -b t",
    "-d '' t",
    "-d /abs t",
    "-d dest t/a.py",
    "-d dest/ t/pkg/b.py",
    "-d a -s b t",
    "-d a -p b t",
    "-s nowhere t",
    "-s '' t",
    "-s t/ t",
    "-s t/pkg t",
    "-s t/pk t",
    "-s / t",
    "-p '' t",
    "-p pre/ t",
    "-p pre t/a.py",
    "-s t -p '' t",
    "-s t/pkg -p / t/pkg t/a.py",
    "-s . ./t",
    "-x '' t",
    "-x sub t",
    "-x '(?i)PKG' t",
    "-x '[ab]\\.py$' t",
    "-x '(?<!pkg/)b\\.py' t",
    "-x '^t/a' t",
    "-x 'x{2' t",
    "-x '(' t",
    "-x '\\w+/\\d' t",
    "-i list t",
    "-i list",
    "-i - t",
    "-i -",
    "-i nowhere t",
    "-i nowhere",
    "-i t",
    "-q -i nowhere t",
    "-qq -i nowhere t",
    "-j0 t",
    "-j 3 -q t",
    "-j-1 t",
    "-j x t",
    "-j4 -o0 -o2 t",
    "--workers 2 t",
    "--work 2 t",
    "-j1 t",
    "-j '' t",
    "-e nowhere t",
    "-e '' t",
    "-e t/pkg t",
    "--inv checked-hash t",
    "--invalidation-mode=timestamp t",
    "--invalidation-mode soup t",
    "--invalidation-mode",
    "--hard -o0 -o1 t",
    "--hardlink-dupes=1 t",
    "--soup t",
    "-Z t",
    "-r t",
    "-d",
    "t/a.py",
    "t/a.py t/pkg/b.py",
    "t/pkg t",
    "t t",
    "nowhere",
    "nowhere.py",
    "t/pkg/data.txt",
    "t/pkg/e.pyw",
    "t/a.py nowhere t",
    "-q nowhere",
    "-qq nowhere",
    "t/pkg/..",
    "-- t",
    "-l -- t/pkg",
    "t -q",
    "t -o1 t/pkg",
    "'' t",
    "/dev/null",
    "t/pkg/none.py",
    "-f -q -o0 -o1 -o2 t",
    "-b -o2 t",
    "-b -o0 -f t",
    "-b -f t/a.py",
    "-h",
    "--help",
];

/// Trees that were compiled before: tree, arguments, change.
const AGAIN: &[(&str, &str, &str)] = &[
    ("plain", "t", ":"),
    ("plain", "-f t", ":"),
    ("plain", "t", "touch -d @1700000001 t/a.py"),
    ("plain", "t", "touch -d @1600000000 t/a.py"),
    ("plain", "t", "printf 'x = 123456\\n' > t/a.py; touch -d @1700000000.5 t/a.py"),
    ("plain", "t", "rm t/pkg/__pycache__/b.cpython-31*.pyc"),
    ("plain", "-o0 -o1 -o2 t", "rm t/pkg/__pycache__/b.cpython-31*.opt-1.pyc"),
    ("plain", "-o0 -o1 -o2 --hardlink-dupes t", "touch -d @1700000001 t/a.py"),
    ("plain", "-o0 -o1 -o2 --hardlink-dupes -f t", ":"),
    ("plain", "-o0 -o1 -o2 --hardlink-dupes t", "rm t/__pycache__/a.cpython-31*.opt-1.pyc"),
    ("plain", "t", "for f in t/__pycache__/*.pyc; do : > $f; done"),
    ("plain", "t", "for f in t/__pycache__/*.pyc; do head -c 11 $f > s; cat s > $f; done; rm s"),
    (
        "plain",
        "t",
        "for f in t/__pycache__/*.pyc; do head -c 16 $f > s; printf junk >> s; cat s > $f; done; rm s",
    ),
    (
        "plain",
        "t",
        "for f in t/__pycache__/*.pyc; do printf XX | dd of=$f conv=notrunc status=none; done",
    ),
    ("plain", "--invalidation-mode checked-hash t", ":"),
    (
        "plain",
        "--invalidation-mode unchecked-hash t",
        "printf 'y\\n' > t/a.py; touch -d @1700000000 t/a.py",
    ),
    ("plain", "-f t", "rm -r t/__pycache__; ln -s pkg t/__pycache__"),
    ("plain", "t", "rm -r t/__pycache__; : > t/__pycache__"),
    ("plain", "-q t", "rm -r t/__pycache__; : > t/__pycache__"),
    (
        "plain",
        "t",
        "touch -d @1700000001 t/a.py; for f in t/__pycache__/*.pyc; do rm $f; mkdir $f; done",
    ),
    ("plain", "-f t", "for f in t/__pycache__/*.pyc; do mv $f o.pyc; ln -s ../../o.pyc $f; done"),
    (
        "plain",
        "-q -f t",
        "for f in t/__pycache__/*.pyc; do mv $f o.pyc; ln -s ../../o.pyc $f; done",
    ),
    ("plain", "-f t", "for f in t/__pycache__/*.pyc; do ln $f o.pyc; done"),
    ("plain", "-f t", "chmod 400 t/__pycache__/*.pyc"),
    ("plain", "-f t", "chown 1234 t/__pycache__/*.pyc"),
    ("plain", "-b -f t", "chmod 600 t/a.pyc"),
    ("modes", "-f t", "chmod 644 t/*.py"),
    ("modes", "-f t", "chmod 777 t/__pycache__"),
    ("times", "t", ":"),
    ("times", "-f -o0 -o1 t", ":"),
    ("names", "t", ":"),
    ("links", "t", ":"),
    ("wrong", "t", ":"),
    ("wrong", "-q -o0 -o1 t", ":"),
];

/// Umasks, variables and lists: tree, arguments, umask, variables, input.
const AROUND: &[(&str, &str, &str, &str, &str)] = &[
    ("modes", "t", "000", "", ""),
    ("modes", "t", "077", "", ""),
    ("modes", "t", "027", "", ""),
    ("modes", "-b t", "002", "", ""),
    ("plain", "-o0 -o1 --hardlink-dupes t", "077", "", ""),
    ("plain", "t", "777", "", ""),
    ("plain", "t", "022", "SOURCE_DATE_EPOCH=1", ""),
    ("plain", "t", "022", "SOURCE_DATE_EPOCH=", ""),
    ("plain", "--invalidation-mode timestamp t", "022", "SOURCE_DATE_EPOCH=5", ""),
    ("plain", "t", "022", "PYTHONPYCACHEPREFIX=c", ""),
    ("plain", "-b t", "022", "PYTHONPYCACHEPREFIX=c", ""),
    ("plain", "\"$PWD/t\"", "022", "PYTHONPYCACHEPREFIX=c", ""),
    ("plain", "t", "022", "PYTHONPYCACHEPREFIX=", ""),
    ("plain", "t", "022", "PYTHONOPTIMIZE=1", ""),
    ("plain", "t", "022", "PYTHONOPTIMIZE=2", ""),
    ("plain", "t", "022", "PYTHONOPTIMIZE=x", ""),
    ("plain", "-o-1 t", "022", "PYTHONOPTIMIZE=7", ""),
    ("plain", "-o0 t", "022", "PYTHONOPTIMIZE=2", ""),
    ("wrong", "t", "022", "PYTHONWARNINGS=ignore", ""),
    ("wrong", "t", "022", "PYTHONWARNINGS=error", ""),
    ("wrong", "-q t", "022", "PYTHONWARNINGS=error", ""),
    ("wrong", "-f t", "022", "PYTHONWARNINGS=always", ""),
    ("wrong", "t", "022", "PYTHONWARNINGS=once", ""),
    ("wrong", "t", "022", "PYTHONWARNINGS=soup", ""),
    ("wrong", "t", "022", "PYTHONWARNINGS=error::SyntaxWarning,ignore:invalid", ""),
    ("wrong", "t/w/j.py", "022", "PYTHONWARNINGS=error::SyntaxWarning:t/w/j", ""),
    ("wrong", "t/w/j.py", "022", "PYTHONWARNINGS=error:::t/w/j:1", ""),
    ("plain", "-i - t/a.py", "022", "", "t/pkg/b.py\nt/pkg/sub\n"),
    ("plain", "-i -", "022", "", "t/pkg/b.py\n\n  t/a.py  \n"),
    ("plain", "-i -", "022", "", "nowhere\nt/a.py"),
    ("plain", "-i -", "022", "", "\n"),
    ("plain", "-l -i -", "022", "", "t\n"),
    ("plain", "-q -i - -d dest", "022", "", "t/pkg\nt/a.py\n"),
    ("names", "-i -", "022", "", "t/a b.py\nt/-x.py\n"),
    ("plain", "t", "022", "PYTHONUTF8=0", ""),
];

/// Every case.
pub(super) fn all() -> Vec<Case> {
    let everywhere = TREES
        .iter()
        .flat_map(|tree| EVERYWHERE.iter().map(move |arguments| Case::new(tree.0, arguments)));
    let plain = PLAIN.iter().map(|arguments| Case::new("plain", arguments));
    let again = AGAIN.iter().map(|&(tree, arguments, change)| Case {
        before: &[":"],
        change,
        ..Case::new(tree, arguments)
    });
    let around = AROUND.iter().map(|&(tree, arguments, umask, environment, input)| Case {
        umask,
        environment,
        input,
        ..Case::new(tree, arguments)
    });
    everywhere.chain(plain).chain(again).chain(around).collect()
}

impl Case {
    fn new(tree_name: &'static str, arguments: &'static str) -> Self {
        let tree = TREES.iter().find(|(name, _)| *name == tree_name).map_or("", |(_, tree)| tree);
        Self {
            tree,
            tree_name,
            arguments,
            before: &[],
            change: ":",
            umask: "022",
            environment: "",
            input: "t/pkg/b.py\n",
        }
    }

    /// The name in reports.
    pub(super) fn name(&self) -> String {
        let Self { tree_name, arguments, umask, environment, change, .. } = self;
        // Writing to a string doesn't fail.
        let mut name = format!("{tree_name}: {arguments}");
        if *umask != "022" {
            let _ = write!(name, " [umask {umask}]");
        }
        if !environment.is_empty() {
            let _ = write!(name, " [{environment}]");
        }
        if *change != ":" {
            let _ = write!(name, " [after `{change}`]");
        }
        name
    }

    /// Both outputs; the order of lines from several workers is arbitrary.
    pub(super) fn texts(&self, output: &Output) -> String {
        let text = [&output.stdout, &b"--\n"[..], &output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        let several = ["-j0", "-j 3", "-j2", "-j4", "--work"]
            .iter()
            .any(|flag| self.arguments.contains(flag));
        if !several {
            return text;
        }
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines.join("\n")
    }
}
