//! Bodies of answers that do not arrive as a well server sends them.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::{StreamExt, stream};

/// Pieces in which a slow body is sent.
const PIECES: usize = 10;

/// The first half of `text`, and then a broken connection.
pub(super) fn cut(text: Bytes) -> Body {
    let part = text.slice(..text.len() / 2);
    Body::from_stream(stream::unfold(Some(part), |part| async move {
        match part {
            Some(part) if !part.is_empty() => Some((Ok(part), Some(Bytes::new()))),
            _ => {
                // Lets the server write out what it has before the connection breaks.
                tokio::task::yield_now().await;
                Some((Err(io::Error::other("broken as ordered")), None))
            }
        }
    }))
}

/// All of `text`, in pieces over `time`. The first is under way at once, so that the headers are too.
pub(super) fn slow(text: Bytes, time: Duration) -> Body {
    let size = text.len().div_ceil(PIECES);
    let pieces: Vec<Bytes> =
        (0..text.len()).step_by(size).map(|start| text.slice(start..text.len().min(start + size))).collect();
    let pause = time / u32::try_from(pieces.len()).unwrap_or(u32::MAX);
    Body::from_stream(stream::iter(pieces.into_iter().enumerate()).then(move |(index, piece)| async move {
        if index > 0 {
            tokio::time::sleep(pause).await;
        }
        Ok::<_, io::Error>(piece)
    }))
}
