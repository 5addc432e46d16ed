//! Tables as spreadsheets save them, of any length, and files that name other files.

use crate::run::text;
use crate::temporary::Temporary;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The command in a folder.
fn gaschain(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gaschain"));
    command.current_dir(folder).args(arguments).output().expect("the command starts")
}

fn write(folder: &Temporary, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, bytes).expect("written");
}

/// What a table says when it is run: its rows, or its faults.
fn ran(bytes: impl AsRef<[u8]>) -> Result<Vec<Vec<String>>, String> {
    let folder = Temporary::new("cases-table");
    write(&folder, "t.csv", bytes);
    let output = gaschain(&folder, &["run", "t.csv"]);
    if output.status.code() != Some(0) {
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(output.stdout.is_empty());
        return Err(text(&output.stderr).trim_end().to_owned());
    }
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    let rows = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect());
    Ok(rows.collect())
}

const PLAIN: &str = "name,gpp.trains,kovykta.flow,bypass.open\nbase,,,\nlate,4,6.5 bcm/yr,true\n";

#[test]
fn a_table_means_the_same_however_a_spreadsheet_saved_it() {
    let plain = ran(PLAIN).expect("a sound table");
    let utf_16 = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(order).collect()
    };
    let german =
        "name;gpp.trains;kovykta.flow;bypass.open\r\nbase;;;\r\nlate;4;6,5 bcm/yr;WAHR\r\n";
    let same: Vec<(&str, Vec<u8>)> = vec![
        ("semicolons and decimal commas", german.into()),
        ("a line that says the separator", format!("sep=;\r\n{german}").into()),
        ("UTF-16, little", utf_16(german, u16::to_le_bytes)),
        ("UTF-16, big", utf_16(german, u16::to_be_bytes)),
        ("tabs", PLAIN.replace(',', "\t").into()),
        ("old line ends", PLAIN.replace('\n', "\r").into()),
        ("a mark before the text", format!("\u{feff}{PLAIN}").into()),
        ("a decimal comma in quotes", PLAIN.replace("6.5 bcm/yr", "\"6,5 bcm/yr\"").into()),
        ("Russian truth", PLAIN.replace("true", "ИСТИНА").into()),
        ("English truth", PLAIN.replace("true", "TRUE").into()),
        ("blank columns and rows", { (PLAIN.replace('\n', ",,\n") + ",,,,,\n,,,,,\n").into() }),
        ("units in the header", {
            let header = PLAIN.replace("kovykta.flow", "kovykta.flow [bcm/yr]");
            header.replace("6.5 bcm/yr", "6.5").into()
        }),
        ("another unit in the header", {
            let header = PLAIN.replace("kovykta.flow", "kovykta.flow [million m3/yr]");
            header.replace("6.5 bcm/yr", "6 500").into()
        }),
        ("a cell with its own unit", PLAIN.replace("kovykta.flow", "kovykta.flow [m3/s]").into()),
    ];
    for (how, bytes) in same {
        assert_eq!(ran(bytes).as_ref(), Ok(&plain), "{how}");
    }
}

#[test]
fn what_cannot_be_read_for_certain_is_refused_by_its_cause() {
    let flow = |cell: &str| ran(format!("name;kovykta.flow [bcm/yr]\na;{cell}\n")).unwrap_err();
    for (cell, says) in [
        ("1,234", "\"1,234\", which may mean 1.234 or 1234; allowed: \"1.234\" or \"1234\""),
        ("#N/A", "\"#N/A\", an error of the spreadsheet; allowed: what the cell should have shown"),
        ("#ДЕЛ/0!", "an error of the spreadsheet"),
        ("06.05.2024", "\"06.05.2024\", a date; allowed: a number"),
        ("6. Mai", "a date"),
        ("6-May", "a date"),
    ] {
        let said = flow(cell);
        assert!(said.starts_with("t.csv:2: column \"kovykta.flow [bcm/yr]\": "), "{said}");
        assert!(said.contains(says), "{said}");
    }
    for (table, says) in [
        (
            "name,kovykta.flow (bcm/yr)\na,6\n",
            "t.csv:1: column \"kovykta.flow (bcm/yr)\"; allowed: \"kovykta.flow [bcm/yr]\"",
        ),
        (
            "name,kovykta.flow [MPa]\na,6\n",
            "t.csv:1: column \"kovykta.flow [MPa]\": \"MPa\" is a pressure",
        ),
        ("name,bypass.open [%]\na,true\n", "t.csv:1: column \"bypass.open [%]\": the unit %"),
        (
            "name,kovykta.flow,kovykta.flow [bcm/yr]\na,,6\n",
            "t.csv:1: column \"kovykta.flow [bcm/yr]\" beside column \"kovykta.flow\"; allowed: one",
        ),
        (
            "name,heihe.sales_gas.volume [bcm/yr]\na,6\n",
            "t.csv:1: column \"heihe.sales_gas.volume [bcm/yr]\", which is a result; allowed: ",
        ),
        ("name,kovykta.flow\na,6,5 bcm/yr\n", "(a decimal comma parts fields too: "),
        ("name,gpp.trains\n", "t.csv:1: a table without rows; allowed: one scenario a row"),
        ("name,gpp.trains\n,\n", "t.csv:1: a table without rows; allowed: one scenario a row"),
        ("name,gpp.trains,\na,4,5\n", "t.csv:1: name of column \"number 3\" is missing"),
    ] {
        let said = ran(table).expect_err(table);
        assert!(said.contains(says), "{table}: {said}");
    }
    let said = ran(b"name,gpp.trains\n\xef\xee\xf2\xee\xea,4\n").unwrap_err();
    assert!(said.contains("perhaps Windows-1251; allowed: UTF-8"), "{said}");
    let said = ran(b"n\0a\0m\0e\0,\0").unwrap_err();
    assert!(said.contains("perhaps UTF-16 without its mark"), "{said}");
}

#[test]
fn a_sweep_reads_its_tables_alike() {
    let folder = Temporary::new("cases-sweep");
    let sweep = "name = 'x'\nchain = 'amur'\noutputs = ['kovykta.accepted']\n[design]\nkind = 'table'\nfile = 't.csv'\n";
    write(&folder, "s.toml", sweep);
    write(&folder, "t.csv", "name,kovykta.flow,bypass.open\na,6.5 bcm/yr,true\nb,,\n");
    let plain = gaschain(&folder, &["sweep", "s.toml"]);
    assert_eq!(plain.status.code(), Some(0), "{}", text(&plain.stderr));
    write(&folder, "t.csv", "name;kovykta.flow [bcm/yr];bypass.open;\na;6,5;WAHR;\nb;;;\n;;;\n");
    assert_eq!(gaschain(&folder, &["sweep", "s.toml"]).stdout, plain.stdout);
    write(&folder, "t.csv", "name;kovykta.flow [bcm/yr]\n");
    let output = gaschain(&folder, &["sweep", "s.toml"]);
    assert_eq!(
        text(&output.stderr),
        "t.csv:1: a table without rows; allowed: one scenario a row\n"
    );
}

#[test]
fn names_come_back_as_they_were_and_no_spreadsheet_runs_them() {
    let names = ["=1+1", "+", "-", "@x", "'=1", "-5", "two\nlines", "a, \"b\""];
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["name", "gpp.trains"]).expect("a row");
    for name in names {
        table.write_record([name, "4"]).expect("a row");
    }
    let bytes = table.into_inner().expect("a table");
    let written: Vec<String> =
        ran(&bytes).expect("sound").into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(written, ["'=1+1", "'+", "'-", "'@x", "'=1", "-5", "two\nlines", "a, \"b\""]);
    let mut again = csv::Writer::from_writer(Vec::new());
    again.write_record(["name", "gpp.trains"]).expect("a row");
    for name in &written {
        again.write_record([name, "4"]).expect("a row");
    }
    let twice: Vec<String> = ran(again.into_inner().expect("a table"))
        .expect("sound")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    assert_eq!(twice, written);
}

#[test]
fn no_letter_of_an_input_steers_a_terminal() {
    let evil = "\u{1b}[31mred\u{202e}";
    let folder = Temporary::new("cases-letters");
    write(&folder, "t.csv", format!("name,gpp.trains\n{evil},4\n{evil},many\n"));
    write(&folder, "sound.csv", format!("name,gpp.trains\n{evil},4\n"));
    write(&folder, "s.toml", "name = '''a\nb'''\nquestion = \"\\u001b[31m?\"\nchain = 'amur'\n");
    write(
        &folder,
        "u.toml",
        "name = 'u'\nchain = 'amur'\n[set]\n\"a\\u001b\\nb\" = 1\n'kovykta.flow' = \"6 \\u202e\"\n",
    );
    let file = format!("{evil}.toml");
    write(&folder, &file, "name = 'x'\nchain = 'nowhere'\n");
    let runs: [&[&str]; 6] = [
        &["run", "t.csv"],
        &["run", "sound.csv"],
        &["run", "s.toml"],
        &["run", "u.toml"],
        &["check", &file],
        &["run", "nameplate", "--set", "\u{1b}x=1"],
    ];
    for arguments in runs {
        let output = gaschain(&folder, arguments);
        for stream in [text(&output.stdout), text(&output.stderr)] {
            assert!(!stream.contains(['\u{1b}', '\u{202e}']), "{arguments:?}: {stream}");
        }
    }
    let page = gaschain(&folder, &["run", "s.toml"]);
    assert!(text(&page.stdout).starts_with("a\\nb\n════\n"), "{}", text(&page.stdout));
    let unknown = text(&gaschain(&folder, &["run", "u.toml"]).stderr);
    assert!(unknown.starts_with("u.toml:4: a\\u{1b}\\nb: unknown parameter "), "{unknown}");
}

#[test]
fn files_elsewhere_are_read_only_when_that_is_asked_for() {
    let folder = Temporary::new("cases-elsewhere");
    write(&folder, "secret.csv", "secret-token,x\n1,6\n");
    write(&folder, "secret.toml", "secret-token = 1\n");
    write(&folder, "chain/chain.toml", "secret-token = 1\n");
    let head = "name = 'x'\nchain = 'amur'\noutputs = ['kovykta.stopped_by']\n";
    let axis = "[design]\nkind = 'monte_carlo'\nsamples = 4\n[[axis]]\nparameter = 'kovykta.flow'\n\
                distribution = 'empirical'\ncolumn = 'y'\nunit = 'bcm/yr'\n";
    let absolute = folder.join("secret.csv");
    let files = [
        ("a.toml", format!("{head}{axis}file = '../secret.csv'\n")),
        ("b.toml", format!("{head}[design]\nkind = 'table'\nfile = '../secret.csv'\n")),
        ("c.toml", format!("{head}[design]\nkind = 'table'\nfile = '{}'\n", absolute.display())),
        ("d.toml", format!("{head}scenario = '../secret.toml'\n{axis}file = 'own.csv'\n")),
        (
            "e.toml",
            head.replace("'amur'", "'../chain'") + "[design]\nkind = 'table'\nfile = 'own.csv'\n",
        ),
        ("f.toml", "name = 'f'\nchain = '../chain'\n".to_owned()),
        ("g.toml", format!("{head}[design]\nkind = 'table'\nfile = 'no/../../secret.csv'\n")),
        #[cfg(unix)]
        ("h.toml", format!("{head}[design]\nkind = 'table'\nfile = 'link.csv'\n")),
    ];
    let inner = folder.join("inner");
    write(&folder, "inner/own.csv", "name,gpp.trains\na,4\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&absolute, inner.join("link.csv")).expect("a link");
    for (name, text_of) in &files {
        std::fs::write(inner.join(name), text_of).expect("written");
        for verb in ["run", "check", "sweep"] {
            let output = gaschain(&inner, &[verb, name]);
            assert_eq!(output.status.code(), Some(2), "{verb} {name}");
            let said = text(&output.stderr);
            assert!(!said.contains("secret-token"), "{verb} {name}: {said}");
        }
        let said = text(&gaschain(&inner, &["check", name]).stderr);
        assert!(
            said.contains("lies outside the folder of the file that is run; allowed: "),
            "{name}: {said}"
        );
        assert!(said.contains("with --allow "), "{name}: {said}");
    }
    // and what it prints is what opens it
    let said = text(&gaschain(&inner, &["check", "--allow", "..", "b.toml"]).stderr);
    assert!(said.contains("unknown column \"secret-token\""), "{said}");
    let said = text(&gaschain(&inner, &["check", "--allow", "../chain", "f.toml"]).stderr);
    assert!(said.contains("unknown key \"secret-token\""), "{said}");
    let said = text(&gaschain(&inner, &["check", "--allow", "../gone", "f.toml"]).stderr);
    assert!(said.starts_with("../gone: cannot read \"../gone\""), "{said}");
}

#[cfg(unix)]
#[test]
fn a_file_without_end_is_none() {
    use std::os::unix::fs::symlink;
    let folder = Temporary::new("cases-endless");
    for name in ["zero.csv", "zero.toml", "chain/chain.toml"] {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        symlink("/dev/zero", path).expect("a link");
    }
    std::fs::create_dir(folder.join("folder.csv")).expect("a folder");
    for (arguments, says) in [
        (&["run", "zero.csv"], "it is a pipe or a device"),
        (&["check", "zero.toml"], "it is a pipe or a device"),
        (&["check", "chain"], "lies outside the folder"),
        (&["run", "folder.csv"], "it is a folder"),
    ] {
        let output = gaschain(&folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(says), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn a_table_may_come_from_standard_input_and_is_judged_before_it_is_run() {
    let folder = Temporary::new("cases-input");
    let run = |table: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gaschain"));
        let pipes = command.current_dir(&*folder).args(["run", "-"]).stdin(Stdio::piped());
        let mut child =
            pipes.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        child.stdin.take().expect("a pipe").write_all(table.as_bytes()).expect("written");
        child.wait_with_output().expect("it ends")
    };
    let output = run(PLAIN);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).lines().count(), 3);
    let output = run("name,gpp.trains\na,4\nb,many\n");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).starts_with("standard input:3: column \"gpp.trains\": "));
}

#[test]
fn rows_come_out_in_order_whatever_the_threads_and_failed_ones_among_them() {
    let folder = Temporary::new("cases-order");
    let rows = (0..150).map(|row| format!("s{row},{}", 10.0 + f64::from(row) / 10.0));
    let header = std::iter::once("name,kovykta.flow [bcm/yr]".to_owned());
    write(&folder, "t.csv", header.chain(rows).collect::<Vec<_>>().join("\n"));
    let one = gaschain(&folder, &["run", "t.csv", "--threads", "1"]);
    let three = gaschain(&folder, &["run", "t.csv", "--threads", "3", "--out", "rows"]);
    assert_eq!(one.status.code(), Some(0));
    assert_eq!(one.stdout, three.stdout);
    let said = text(&one.stdout);
    let names = said.lines().skip(1).map(|line| line.split(',').next().unwrap_or_default());
    assert!(names.eq((0..150).map(|row| format!("s{row}"))), "{said}");
    assert!(folder.join("rows/0150_s149/result.json").is_file());
    let json = gaschain(&folder, &["run", "t.csv", "--format", "json", "--threads", "2"]);
    let reports: Vec<serde_json::Value> = serde_json::from_slice(&json.stdout).expect("a list");
    assert_eq!((reports.len(), &reports[149]["scenario"]), (150, &"s149".into()));
}

#[test]
fn of_many_faults_a_thousand_are_shown_and_the_rest_is_counted() {
    let folder = Temporary::new("cases-many");
    let set = (0..20_000).map(|k| format!("a{k} = 1")).collect::<Vec<_>>().join("\n");
    write(&folder, "s.toml", format!("name = 'x'\nchain = 'amur'\n[set]\n{set}"));
    let columns = (0..5_000).map(|k| format!("c{k}")).collect::<Vec<_>>().join(",");
    write(&folder, "t.csv", format!("name,{columns}\na\n"));
    for (file, shown, rest) in [
        ("s.toml", 1_000, "s.toml: 19000 faults more: 19000 unknown parameter"),
        (
            "t.csv",
            1_000,
            "t.csv: 4001 faults more: 4000 unknown column, 1 with too many or too few fields",
        ),
    ] {
        let output = gaschain(&folder, &["check", file]);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert_eq!(said.lines().count(), shown + 1, "{}", said.lines().last().unwrap_or_default());
        assert_eq!(said.lines().last(), Some(rest));
    }
}

#[test]
fn a_setting_is_there_once() {
    let folder = Temporary::new("cases-settings");
    let says = |settings: &[&str]| {
        let mut arguments = vec!["run", "nameplate"];
        for setting in settings {
            arguments.extend(["--set", setting]);
        }
        let output = gaschain(&folder, &arguments);
        assert_eq!(output.status.code(), Some(2), "{settings:?}");
        text(&output.stderr)
    };
    let twice = says(&["gpp.trains=4", " gpp.trains =5"]);
    assert_eq!(twice, "--set: duplicate address \"gpp.trains\"\n");
    let both = says(&["gpp.feed=44 bcm/yr", "gpp.trains=4"]);
    assert_eq!(
        both,
        "--set: gpp.trains: gpp.trains beside gpp.feed, which is set as a whole; allowed: the limit as a whole, or its factors\n"
    );
    let sound = gaschain(
        &folder,
        &["run", "nameplate", "--set", "gpp.feed=by its factors", "--set", "gpp.trains=4"],
    );
    assert_eq!(sound.status.code(), Some(0));
}

#[test]
fn a_chain_folder_reads_what_it_names_and_nothing_else() {
    let folder = Temporary::new("cases-folder");
    write(
        &folder,
        "chain.toml",
        "name = 'valley'\nspecies = ['methane', 'ethane']\nconnections = ['field -> city']\nleaving.products = ['city.sales']\n\
         [stages.field]\nkind = 'supply'\nfeeds = 'feeds.csv'\nset.flow = '3 bcm/yr'\nset.composition = 'pure'\n\
         [stages.city]\nkind = 'market'\nproduct = 'sales'\n",
    );
    write(&folder, "feeds.csv", "feed;unit;methane;ethane;\npure;mol %;90,0;10;\n");
    let made_by = || {
        let output = gaschain(&folder, &["run", ".", "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
        report["made_by"]["inputs"].clone()
    };
    let before = made_by();
    write(&folder, "notes.csv", b"\xff\xfe\x00 no table at all, \"");
    write(&folder, "old.toml", "= = =");
    assert_eq!(made_by(), before);
    write(&folder, "feeds.csv", "feed;unit;methane;ethane;\npure;mol %;90,5;9,5;\n");
    assert_ne!(made_by(), before);
}
