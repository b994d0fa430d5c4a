//! P1 and P2: the container, and the document it holds.

use roxmltree::Node;

use super::report::StepId;
use super::run::Run;
use crate::ofd::links::{Closure, walk};
use crate::ofd::zip::{self, Package};

/// P1. `None` when nothing can be read.
pub(super) fn open<'a>(run: &mut Run<'_>, bytes: &'a [u8]) -> Option<Package<'a>> {
    run.begin(StepId::P1);
    let audited = if run.lenient { zip::audit_lenient(bytes) } else { zip::audit(bytes) };
    match audited {
        Ok(package) => {
            for note in package.notes().to_vec() {
                run.warn(StepId::P1, note, "bytes before the first entry");
            }
            Some(package)
        }
        Err(error) => {
            let ignored = run.ignores(error.fault.code());
            run.fail(StepId::P1, error.fault.code(), format!("byte {}: {}", error.position, error.detail));
            if ignored { zip::read_naive(bytes) } else { None }
        }
    }
}

/// P2. Gives everything that `OFD.xml` reaches.
pub(super) fn check_root<'p>(run: &mut Run<'_>, package: &'p Package<'_>) -> Closure<'p> {
    run.begin(StepId::P2);
    let strict = walk(package, run.lenient);
    let forgiven = strict.faults.iter().any(|(_, error)| run.ignores(error.fault.code()));
    for (name, error) in &strict.faults {
        run.fail(StepId::P2, error.fault.code(), format!("{name}: {}", error.detail));
    }
    let closure = if forgiven { walk(package, true) } else { strict };
    for (code, name) in &closure.notes {
        run.warn(StepId::P2, code, name.clone());
    }
    if package.get("OFD.xml").is_none() {
        run.fail(StepId::P2, "OFD_ENTRY", "OFD.xml is missing");
        return closure;
    }
    for link in &closure.broken {
        let (code, text) =
            if link.badly_spelt { ("BAD_PATH", "is badly spelt") } else { ("OFD_ENTRY", "leads nowhere") };
        run.fail(StepId::P2, code, format!("{}: the link {:?} {text}", link.from, shorten(&link.to)));
    }
    for name in &closure.active {
        run.fail(StepId::P2, "ACTIVE_CONTENT", format!("{name}: an action that opens something outside"));
    }
    let tree = closure.members.get("OFD.xml").and_then(|member| member.tree.as_ref());
    if let Some(tree) = tree {
        check_entry(run, tree.root_element());
    }
    closure
}

/// Cuts a text that came from a file, for messages.
pub(super) fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

fn check_entry(run: &mut Run<'_>, root: Node<'_, '_>) {
    let structure = |run: &mut Run<'_>, text: &str| run.fail(StepId::P2, "XML_STRUCTURE", format!("OFD.xml: {text}"));
    if root.tag_name().name() != "OFD" {
        return structure(run, "root element is not <OFD>");
    }
    let doc_type = root.attribute("DocType");
    if doc_type != Some("OFD") && !(run.lenient && doc_type.is_none()) {
        run.fail(StepId::P2, "DOC_TYPE", format!("OFD.xml: DocType is {:?}", doc_type.map(shorten)));
    }
    let named = |node: Node<'_, '_>, name: &str| {
        node.children().filter(|child| child.is_element() && child.tag_name().name() == name).count()
    };
    let bodies: Vec<Node<'_, '_>> = root.children().filter(|child| child.tag_name().name() == "DocBody").collect();
    match bodies[..] {
        [] => return structure(run, "no <DocBody>"),
        [_] => {}
        _ => run.fail(StepId::P2, "MULTI_DOC", format!("OFD.xml: {} documents", bodies.len())),
    }
    for body in bodies {
        if named(body, "Versions") > 0 {
            run.fail(StepId::P2, "VERSION_AFTER_SIGN", "OFD.xml: the document has versions");
        }
        for (name, most) in [("DocInfo", 1), ("DocRoot", 1), ("Signatures", 1)] {
            let count = named(body, name);
            if count > most || (count == 0 && name != "Signatures") {
                structure(run, &format!("{count} times <{name}> in <DocBody>"));
            }
        }
    }
}
