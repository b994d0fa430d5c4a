use super::*;
use crate::seen::test_seen;
use LicenceStatus::{Destroyed, Expired, NotActive, Revoked, Superseded, Suspended, Valid};
use serde_json::json;

fn issue(holder: &Holder, identifier: &str, activate: bool, begins: i64, last: Option<i64>) -> Holder {
    let reply = Reply::Issued { identifier: identifier.to_owned(), status: None, previous: None, replaced: None };
    holder.after(&Request::Issue { activate, begins, last }, &reply)
}

fn act(holder: &Holder, action: Action) -> Result<Holder, ErrorCode> {
    let licence = holder.licences.last().unwrap();
    let request = Request::Act { licence: licence.identifier.clone(), action, version: licence.version };
    match holder.allowed(&request).remove(0) {
        Allowed::Changed { status, version } => Ok(holder.after(&request, &Reply::Changed { status, version })),
        Allowed::Refused(code) => Err(code),
        other => panic!("{other:?}"),
    }
}

fn state(holder: &Holder, index: usize) -> (LicenceStatus, i64) {
    (holder.licences[index].status, holder.licences[index].version)
}

#[test]
fn actions_follow_the_table() {
    let holder = issue(&Holder::default(), "a", false, 0, None);
    assert_eq!(state(&holder, 0), (NotActive, 1));
    assert_eq!(act(&holder, Action::Revoke), Err(ErrorCode::StateConflict));
    let holder = act(&holder, Action::Activate).unwrap();
    let holder = act(&holder, Action::Suspend).unwrap();
    assert_eq!(state(&holder, 0), (Suspended, 3));
    let holder = act(&holder, Action::Revoke).unwrap();
    assert_eq!(act(&holder, Action::Restore), Err(ErrorCode::StateConflict));
    let holder = act(&holder, Action::Destroy).unwrap();
    assert_eq!(state(&holder, 0), (Destroyed, 5));
    let stale = Request::Act { licence: "a".to_owned(), action: Action::Suspend, version: 1 };
    assert_eq!(holder.allowed(&stale), [Allowed::Refused(ErrorCode::VersionConflict)]);
}

#[test]
fn days_begin_and_end_licences() {
    let mut waiting = issue(&Holder::default(), "a", true, 1, Some(1));
    assert_eq!(state(&waiting, 0), (NotActive, 1));
    assert_eq!(act(&waiting, Action::Activate), Err(ErrorCode::StateConflict));
    waiting.pass_day();
    assert_eq!(state(&waiting, 0), (Valid, 2));
    waiting.pass_day();
    assert_eq!(state(&waiting, 0), (Expired, 3));
    let mut never = issue(&Holder::default(), "a", false, 1, Some(1));
    never = act(&never, Action::Activate).unwrap();
    assert_eq!(state(&never, 0), (NotActive, 1));
    assert!(never.licences[0].dormant);
    never.pass_day();
    assert_eq!(state(&never, 0), (Valid, 2));
    let mut revoked = act(&issue(&Holder::default(), "a", true, 0, Some(0)), Action::Revoke).unwrap();
    revoked.pass_day();
    assert_eq!(state(&revoked, 0), (Revoked, 2));
}

#[test]
fn a_reissue_replaces_and_reads_speak_of_the_right_licence() {
    let holder = issue(&Holder::default(), "a", true, 0, None);
    let request = Request::Reissue { licence: "a".to_owned(), version: 1 };
    let reply = Reply::Issued {
        identifier: "b".to_owned(),
        status: Some(Valid),
        previous: Some("a".to_owned()),
        replaced: Some(("a".to_owned(), Superseded)),
    };
    assert!(check_reply(&holder, &request, &reply, Grain::Reason).is_ok());
    let after = holder.after(&request, &reply);
    assert_eq!((state(&after, 0), state(&after, 1)), ((Superseded, 2), (Valid, 1)));
    let ok = |request: &Request, reply: Reply| check_reply(&after, request, &reply, Grain::Reason).is_ok();
    let verdict = |result, reasons: &[&str]| Reply::Verdict {
        result,
        reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
    };
    assert!(ok(&Request::VerifyHolder, verdict(VerifyOutcome::Valid, &[])));
    let old = Request::Verify { licence: "a".to_owned() };
    assert!(ok(&old, verdict(VerifyOutcome::Invalid, &["LICENCE_SUPERSEDED"])));
    assert!(!ok(&old, verdict(VerifyOutcome::Invalid, &["LICENCE_REVOKED"])));
    assert!(!ok(&old, verdict(VerifyOutcome::Valid, &[])));
    let search = Request::Search { states: Vec::new() };
    assert!(ok(&search, Reply::Items(vec![("b".to_owned(), Valid), ("a".to_owned(), Superseded)])));
    assert!(!ok(&search, Reply::Items(vec![("b".to_owned(), Valid)])));
    let live = Request::Search { states: vec![Valid] };
    assert!(ok(&live, Reply::Items(vec![("b".to_owned(), Valid)])));
    let again = Reply::Issued { identifier: "a".to_owned(), status: Some(Valid), previous: None, replaced: None };
    let revoked = act(&after, Action::Revoke).unwrap();
    let issue = Request::Issue { activate: true, begins: 0, last: None };
    let finding = check_reply(&revoked, &issue, &again, Grain::Reason).unwrap_err();
    assert_eq!(finding.class, FindingClass::WrongState, "an identifier comes back");
    let accepted = check_reply(&after, &issue, &again, Grain::Reason).unwrap_err();
    assert_eq!(accepted.class, FindingClass::FalseAccept, "a second live licence");
}

#[test]
fn status_may_be_unmodified_only_for_the_version_that_is_known() {
    let holder = issue(&Holder::default(), "a", true, 0, None);
    let of = |known| Request::Status { licence: "a".to_owned(), known };
    assert!(check_reply(&holder, &of(Some(1)), &Reply::Unmodified, Grain::Reason).is_ok());
    assert!(check_reply(&holder, &of(Some(2)), &Reply::Unmodified, Grain::Reason).is_err());
    let right = Reply::Status { status: Valid, version: 1 };
    assert!(check_reply(&holder, &of(Some(1)), &right, Grain::Reason).is_ok());
    let refused = Reply::Refused { http: 404, code: "NOT_FOUND".to_owned() };
    let finding = check_reply(&holder, &of(None), &refused, Grain::Reason).unwrap_err();
    assert_eq!(finding.class, FindingClass::FalseReject);
}

#[test]
fn trails_are_compared_entry_by_entry() {
    let entry = |seq: i64, operation: &str, action: &str, result: &str| json!({"time": "t", "operation": operation, "callerApp": "a", "result": result, "seq": seq, "action": action});
    let read = |entries: &[serde_json::Value]| test_seen(200, json!({"entries": entries}));
    let issued = entry(1, "issuer.issue", "", "OK");
    let suspended = entry(3, "issuer.transition", "SUSPEND", "OK");
    let wanted: [Noted; 2] = [("issuer.issue", None), ("issuer.transition", Some(Action::Suspend))];
    let other = [entry(2, "issuer.metadata", "", "OK"), entry(2, "issuer.transition", "SUSPEND", "STATE_CONFLICT")];
    for between in other {
        assert!(check_trail(&read(&[issued.clone(), between, suspended.clone()]).view(), &wanted).is_ok());
    }
    assert!(check_trail(&read(std::slice::from_ref(&issued)).view(), &wanted).is_err());
    assert!(check_trail(&read(&[suspended, issued]).view(), &wanted).is_err());
}

#[test]
fn a_repeat_gets_the_first_answer() {
    let first = Reply::Changed { status: Suspended, version: 2 };
    assert!(check_repeat(&first, &first.clone()).is_ok());
    assert!(check_repeat(&first, &Reply::Refused { http: 412, code: "VERSION_CONFLICT".to_owned() }).is_err());
}

#[test]
fn answers_are_read() {
    let request = Request::Act { licence: "a".to_owned(), action: Action::Suspend, version: 1 };
    let body = json!({"certificateStatus": "SUSPENDED", "statusVersion": 2, "statusTime": "2026-06-01T09:00:00+08:00"});
    let reply = read_reply(&request, &test_seen(200, body).view()).unwrap();
    assert_eq!(reply, Reply::Changed { status: Suspended, version: 2 });
    let refused = read_reply(&request, &test_seen(409, json!({"code": "STATE_CONFLICT"})).view()).unwrap();
    assert_eq!(refused, Reply::Refused { http: 409, code: "STATE_CONFLICT".to_owned() });
    assert!(read_reply(&request, &test_seen(200, json!({})).view()).is_err());
    assert!(read_reply(&request, &test_seen(500, json!({})).view()).is_err());
}

#[test]
fn times_of_changes_do_not_go_back() {
    assert!(check_not_earlier("2026-06-01T09:00:00+08:00", "2026-06-01T01:00:00Z").is_ok());
    assert!(check_not_earlier("2026-06-01T09:00:01+08:00", "2026-06-01T01:00:00Z").is_err());
    assert!(check_not_earlier("2026-06-01T09:00:01+08:00", "yesterday").is_err());
}
