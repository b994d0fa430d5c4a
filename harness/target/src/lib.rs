//! Reaches any product: target file, binding v1 client, authentication, evidence recorder.
