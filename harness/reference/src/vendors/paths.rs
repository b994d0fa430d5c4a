//! Tables of paths of vendors whose wires have more than one.

use axum::http::Method;
use ecric_model::binding::ErrorCode;

use crate::auth::percent_decode;
use crate::errors::ApiError;

/// Method, path with `*` for one segment, and what stands behind it.
pub(super) type Route<T> = (&'static str, &'static str, T);

/// What stands behind a path, and the segment at `*`, decoded; empty where the path has none.
///
/// # Errors
/// NOT_FOUND for a path of no row, METHOD_NOT_ALLOWED where rows of the path have other methods.
pub(super) fn find<T: Copy>(table: &[Route<T>], method: &Method, path: &str) -> Result<(T, String), ApiError> {
    let mut known = false;
    for (verb, pattern, behind) in table {
        let Some(segment) = matched(pattern, path) else { continue };
        if method.as_str() == *verb {
            return Ok((*behind, String::from_utf8_lossy(&percent_decode(segment)).into_owned()));
        }
        known = true;
    }
    Err(if known {
        ApiError::new(ErrorCode::MethodNotAllowed, "the path has another method")
    } else {
        ApiError::new(ErrorCode::NotFound, "no such path")
    })
}

fn matched<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let mut segment = "";
    let mut given = path.split('/');
    for wanted in pattern.split('/') {
        let found = given.next()?;
        match wanted {
            "*" if !found.is_empty() => segment = found,
            _ if wanted == found => {}
            _ => return None,
        }
    }
    given.next().is_none().then_some(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_whole() {
        let table: &[Route<u8>] = &[("GET", "/a/*/b", 1), ("PUT", "/a/*/b", 2), ("GET", "/a", 3)];
        let look = |method: Method, path: &str| find(table, &method, path).map_err(|error| error.code);
        assert_eq!(look(Method::GET, "/a/x%2Fy/b"), Ok((1, "x/y".to_owned())));
        assert_eq!(look(Method::PUT, "/a/x/b"), Ok((2, "x".to_owned())));
        assert_eq!(look(Method::GET, "/a"), Ok((3, String::new())));
        assert_eq!(look(Method::POST, "/a"), Err(ErrorCode::MethodNotAllowed));
        for path in ["/a/", "/a//b", "/a/x/b/c", "/a/x", "a", "/b", "/a/x/y/b"] {
            assert_eq!(look(Method::GET, path), Err(ErrorCode::NotFound), "{path}");
        }
    }
}
