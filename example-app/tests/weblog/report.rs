//! The numbers of the sample, in every output format.

use std::{fs, fs::File};

use crate::{ROTATED, Run, SAMPLE, assert_holds, command, scratch, weblog};

#[test]
fn text() {
    let text = weblog(&["report", SAMPLE]).success();
    assert_holds(
        &text,
        &[
            "2026-03-16 00:04:46 to 2026-03-17 23:23:55 UTC",
            "access.log: 623 entries, 4 lines skipped",
            "Requests    623\n",
            "Visitors    111\n",
            "Errors      28 client (4xx), 15 server (5xx), 6.9% of requests",
            "Response    median 35 ms, 95% within 404 ms",
            "Peak        80 requests in the hour from 2026-03-16 19:00",
            "high    /api/tickets fails with server errors",
            "\n  80 |                    █\n",
            "     404  Not Found                    26   4.2%\n",
            "access.log:104: the request is not a closed quotation: 192.0.2.14 - -",
        ],
    );
}

#[test]
fn several_files_keep_their_order() {
    let text = weblog(&["summary", ROTATED, SAMPLE]).success();
    let rotated = text.find("access.log.1.gz: 151 entries").unwrap();
    let current = text.find("access.log: 623 entries").unwrap();
    assert!(rotated < current, "{text}");
    assert_holds(&text, &["Requests    774\n"]);
}

#[test]
fn standard_input() {
    let stdin = File::open(ROTATED).unwrap();
    let run = Run::of(command().args(["summary", "-"]).stdin(stdin));
    assert_holds(&run.success(), &["<stdin>: 151 entries"]);
}

#[test]
fn html_is_self_contained_and_reproducible() {
    let directory = scratch("html");
    let write = |name: &str| {
        let path = directory.join(name);
        let run = weblog(&["report", "--html", path.to_str().unwrap(), ROTATED, SAMPLE]);
        assert_eq!(run.success(), "");
        fs::read_to_string(path).unwrap()
    };
    let page = write("first.html");
    assert_holds(
        &page,
        &[
            "<!DOCTYPE html>\n<html lang=\"en\">",
            "<title>www.fernmoor.example: access report, 2026-03-15",
            "@media (prefers-color-scheme: dark)",
            "<dd class=\"value\">774</dd>",
            "<svg class=\"chart\" viewBox=\"0 0 960 260\" role=\"img\"",
            "/&lt;script&gt;alert(1)&lt;/script&gt;",
            "<p>weblog 1.0</p>",
        ],
    );
    assert!(!page.contains("<script") && !page.contains(" src="), "{page}");
    assert_eq!(page, write("second.html"));
}

#[test]
fn json_and_csv() {
    let json = weblog(&["report", "--json", SAMPLE]).success();
    assert_holds(&json, &["\"requests\": 623", "\"site\": \"www.fernmoor.example\""]);
    let csv = weblog(&["top", "bots", "--csv", "-n", "2", SAMPLE]).success();
    assert_eq!(csv, "name,requests,bytes,errors\nUptimeMonitor,24,0,0\nQuillSpider,16,95355,3\n");
}

#[test]
fn filters() {
    let options = ["--status", "5xx", "--since", "2026-03-17T12:00", "--path", "/api/*"];
    let text = weblog(&[&["summary"], &options[..], &[SAMPLE]].concat()).success();
    assert_holds(
        &text,
        &["only since 2026-03-17 12:00:00; status 500-599; path /api/*", "Requests    15\n"],
    );
}

#[test]
fn queries() {
    let sql = "SELECT status, count(*) AS n FROM requests WHERE status >= 500 GROUP BY status";
    let csv = weblog(&["query", "--csv", sql, SAMPLE]).success();
    assert_eq!(csv, "status,n\n500,11\n503,4\n");
}

#[test]
fn version_is_the_metadatas() {
    assert_eq!(weblog(&["--version"]).success(), "weblog 1.0\n");
}
