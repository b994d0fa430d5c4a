//! `ecric lint --coverage`: the traceability table on the terminal or as JSON.

use ecric_model::mutant::MutantInfo;
use ecric_model::{Lang, Text};
use ecric_runner::{Coverage, CoverageRow, Source, Suite, coverage};

use crate::exit;

/// Prints the table; exit 1 on a gap.
pub(crate) fn execute(source: &Source, mutants: &[MutantInfo], json: bool, lang: Lang) -> u8 {
    let (suite, problems) = Suite::load(source);
    let table = coverage(&suite, mutants);
    if json {
        let mut value = serde_json::to_value(&table).unwrap_or_default();
        value["gaps"] = table.gaps().into();
        say!("{value:#}");
    } else {
        print(&table, lang);
    }
    for problem in &problems {
        eprintln!("{}:{}: {}", problem.path, problem.line, if lang == Lang::En { &problem.en } else { &problem.zh });
    }
    if table.gaps() == 0 && problems.is_empty() { exit::OK } else { exit::SHORT }
}

fn print(table: &Coverage, lang: Lang) {
    for row in &table.requirements {
        print_row(row, lang);
    }
    for case in &table.stray_cases {
        let text = Text::new("gap: no register has its requirement", "缺口：登记册中没有其要求");
        say!("{case}  {}", text.in_lang(lang));
    }
    let cases: usize = table.requirements.iter().map(|row| row.cases.len()).sum();
    let mutants: usize = table.requirements.iter().map(|row| row.mutants.len()).sum();
    let tested = table.requirements.iter().filter(|row| !row.cases.is_empty()).count();
    let (total, gaps) = (table.requirements.len(), table.gaps());
    let text = Text::new(
        format!("{total} requirements, {tested} with cases; {cases} cases, {mutants} mutants; {gaps} gaps"),
        format!("{total}项要求，其中{tested}项有用例；{cases}个用例，{mutants}个变异体；{gaps}处缺口"),
    );
    say!("{}", text.in_lang(lang));
}

fn print_row(row: &CoverageRow, lang: Lang) {
    use serde_json::to_value;
    say!("{}  {}", row.requirement, row.title.in_lang(lang));
    let basis: Vec<String> =
        row.basis.iter().map(|one| format!("{}, {} ({})", one.doc, one.clause, word(to_value(one.kind)))).collect();
    let say_in = |en: &'static str, zh: &'static str| if lang == Lang::En { en } else { zh };
    say!("    {}: {}", say_in("basis", "依据"), basis.join("; "));
    say!(
        "    {}: {} · {} · {} · {}",
        say_in("confidence", "可信度"),
        word(to_value(row.confidence)),
        word(to_value(row.level)),
        row.profile.name(),
        word(to_value(row.role)),
    );
    for (name, values) in [
        (say_in("cases", "用例"), row.cases.iter().map(ToString::to_string).collect::<Vec<_>>()),
        (say_in("mutants", "变异体"), row.mutants.iter().map(|id| (*id).to_owned()).collect()),
        (say_in("vectors", "向量"), row.vectors.clone()),
    ] {
        if !values.is_empty() {
            say!("    {name}: {}", values.join(" "));
        }
    }
    if let Some(reason) = &row.reason {
        say!("    {}: {}", say_in("reason", "理由"), reason.in_lang(lang));
    }
    for gap in &row.gaps {
        say!("    {}: {}", say_in("GAP", "缺口"), gap.in_lang(lang));
    }
}

/// The word of an enum as files write it.
fn word(value: serde_json::Result<serde_json::Value>) -> String {
    value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
