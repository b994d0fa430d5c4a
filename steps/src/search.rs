//! Searching the directory.

use cucumber::{then, when};
use ecric_checks::search;
use ecric_model::Text;
use ecric_model::binding::{LicenceStatus, Operation, SearchAnswer, SearchItem};
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};
use serde_json::json;

use crate::requests;
use crate::sending::named;
use crate::world::{EcricWorld, StepResult, view};

/// Most pages read before a search is called endless.
const PAGES: usize = 50;

#[when(regex = r#"^the caller searches by holder(?: with "([^"]+)")?$"#)]
async fn caller_searches(world: &mut EcricWorld, variation: String) -> StepResult {
    let body = requests::search(world.person()?);
    let call = world.build(Operation::Search, None, Some(body), named(&variation))?;
    world.act(call).await.map(|_| ())
}

/// Every item of the first person, page by page.
pub(crate) async fn all_items(world: &mut EcricWorld, page_size: u32) -> StepResult<Vec<SearchItem>> {
    let mut items = Vec::new();
    let mut token: Option<String> = None;
    for _ in 0..PAGES {
        let mut body = requests::search(world.person()?);
        body["pageSize"] = json!(page_size);
        if let Some(token) = &token {
            body["pageToken"] = json!(token);
        }
        let answer = world.call(Call::new(Operation::Search, None, Body::Json(body))).await?;
        world.set_up(&answer, Cause::SetUp)?;
        let page: SearchAnswer = answer
            .message()
            .map_err(|error| world.inconclusive(Cause::SetUp, Text::same(format!("issuer.search: {error}"))))?;
        items.extend(page.items);
        token = page.next_page_token;
        if token.is_none() {
            return Ok(items);
        }
    }
    Err(world.inconclusive(
        Cause::SetUp,
        Text::new(format!("issuer.search gave more than {PAGES} pages"), format!("issuer.search 返回超过 {PAGES} 页")),
    ))
}

#[when("the caller searches page by page")]
async fn caller_searches_pages(world: &mut EcricWorld) -> StepResult {
    let items = all_items(world, 1).await?;
    world.found_pages = items.into_iter().map(|item| item.certificate_identifier).collect();
    Ok(())
}

#[when("the caller searches page by page while a licence is issued")]
async fn pages_while_issuing(world: &mut EcricWorld) -> StepResult {
    let known: Vec<String> = world.licences.iter().map(|licence| licence.identifier.clone()).collect();
    let (mut found, mut token) = page(world, None).await?;
    crate::lifecycle::apply(world, "REVOKE", None).await?;
    world.need_success()?;
    crate::issuing::issue(world, None).await?;
    world.need_success()?;
    for _ in 0..PAGES {
        let Some(next) = token else { break };
        let (items, after) = page(world, Some(&next)).await?;
        found.extend(items);
        token = after;
    }
    // The new one may be on a page or not.
    world.licences.truncate(known.len());
    world.found_pages = found.into_iter().filter(|identifier| known.contains(identifier)).collect();
    Ok(())
}

/// Identifiers of one page of one item, and the token of the next.
async fn page(world: &EcricWorld, token: Option<&str>) -> StepResult<(Vec<String>, Option<String>)> {
    let mut body = requests::search(world.person()?);
    body["pageSize"] = json!(1);
    if let Some(token) = token {
        body["pageToken"] = json!(token);
    }
    let answer = world.call(Call::new(Operation::Search, None, Body::Json(body))).await?;
    world.set_up(&answer, Cause::SetUp)?;
    let page: SearchAnswer = answer
        .message()
        .map_err(|error| world.inconclusive(Cause::SetUp, Text::same(format!("issuer.search: {error}"))))?;
    let identifiers = page.items.into_iter().map(|item| item.certificate_identifier).collect();
    Ok((identifiers, page.next_page_token))
}

#[then("the pages hold each licence once")]
fn pages_hold_each_once(world: &mut EcricWorld) -> StepResult {
    let expected: Vec<String> = world.licences.iter().map(|licence| licence.identifier.clone()).collect();
    world.judge_with(search::check_pages(&world.found_pages, &expected), &[])
}

#[then("the search finds the licence with its status")]
fn finds_the_licence(world: &mut EcricWorld) -> StepResult {
    let id = world.licence()?.identifier.clone();
    let text = world.last()?.text();
    world.judge(search::check_finds(&view(world.last()?, &text), &id, LicenceStatus::Valid))
}

#[then(regex = r"^the search finds the licence as ([A-Z_]+)$")]
fn finds_the_licence_as(world: &mut EcricWorld, word: String) -> StepResult {
    let expected = crate::world::state(world, &word)?;
    let id = world.licence()?.identifier.clone();
    let text = world.last()?.text();
    world.judge(search::check_finds(&view(world.last()?, &text), &id, expected))
}

#[then("the search finds nothing")]
fn finds_nothing(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(search::check_finds_nothing(&view(world.last()?, &text)))
}

#[then("the search finds no licence of the other person")]
fn finds_no_other(world: &mut EcricWorld) -> StepResult {
    let Some(other) = world.licences.get(1).map(|licence| licence.identifier.clone()) else {
        return Err(world.suite_error("the scenario has no other licence"));
    };
    let text = world.last()?.text();
    world.judge(search::check_does_not_find(&view(world.last()?, &text), &other))
}

async fn judge_live(world: &mut EcricWorld, expected: usize) -> StepResult {
    let states = crate::issuing::states_of_person(world).await?;
    world.judge(search::check_live_count(&states, expected))
}

#[then("the person has one live licence")]
async fn one_live_licence(world: &mut EcricWorld) -> StepResult {
    judge_live(world, 1).await
}

#[then("the person has no licence")]
async fn no_licence(world: &mut EcricWorld) -> StepResult {
    judge_live(world, 0).await
}
