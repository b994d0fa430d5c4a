//! Mutants of the area service levels: slow ones, and ones that break under a load.

use ecric_model::binding::Operation;

use super::{Mutant, mutant};
use crate::levels::Slow;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant(
        "M-SLO-001-a",
        "SLO-001/01",
        "every eighth status comes late",
        "每八次状态查询有一次迟到",
        |b| {
            b.slow = Some(Slow::Late(Operation::Status, 450));
        },
    ),
    mutant(
        "M-SLO-001-b",
        "SLO-001/01",
        "one worker answers every status: each is quick, those that wait are not",
        "状态查询由单一工作线程处理：单次很快，排队者很慢",
        |b| b.slow = Some(Slow::OneWorker(Operation::Status, 70)),
    ),
    mutant(
        "M-SLO-002-a",
        "SLO-002/01",
        "every eighth file is verified late",
        "每八次文件查验有一次迟到",
        |b| {
            b.slow = Some(Slow::Late(Operation::VerifyFile, 2_000));
        },
    ),
    mutant("M-SLO-003-a", "SLO-003/01", "every eighth redemption comes late", "每八次兑换有一次迟到", |b| {
        b.slow = Some(Slow::Late(Operation::Redeem, 1_200));
    }),
    mutant("M-SLO-004-a", "SLO-004/01", "every eighth licence is issued late", "每八次签发有一次迟到", |b| {
        b.slow = Some(Slow::Late(Operation::Issue, 3_500));
    }),
    mutant(
        "M-SLO-005-a",
        "SLO-005/01",
        "one worker reads all metadata, slower than the declared rate",
        "元数据由单一工作线程读取，低于声明速率",
        |b| b.slow = Some(Slow::OneWorker(Operation::Metadata, 35)),
    ),
    mutant("M-SLO-007-a", "SLO-007/01", "an overload is answered with 500", "过载时应答500", |b| {
        b.slow = Some(Slow::FailsUnderOverload);
    }),
    mutant("M-SLO-007-b", "SLO-007/02", "an overload does not pass", "过载之后不恢复", |b| {
        b.slow = Some(Slow::StaysRefused);
    }),
];
