//! Mutants that lose a race: they decide, let others go first, and act on what they had decided.

use super::{Mutant, mutant};
use crate::planted::Planted;

macro_rules! planted {
    ($($id:literal $case:literal $fault:ident $en:literal $zh:literal;)+) => {
        /// Each is wrong in exactly one way.
        pub(super) const MUTANTS: &[Mutant] =
            &[$(mutant($id, $case, $en, $zh, |b| b.planted = Some(Planted::$fault))),+];
    };
}

planted! {
    "M-LIF-025-a" "LIF-025/01" VerifierCacheFilledLate "the verifier caches a state that was revoked meanwhile" "查验端缓存了其间已注销的状态";
    "M-LIF-025-b" "LIF-025/02" VersionComparedBeforeWindow "the version is compared before others may act" "版本号比较与写入之间允许他人操作";
    "M-LIF-025-c" "LIF-025/03" ReissueDecidedBeforeWindow "a re-issue overwrites a revocation made meanwhile" "换发覆盖其间的注销";
    "M-LIF-025-d" "LIF-025/04" IssueDecidedBeforeWindow "two issues at once both find no live licence" "并发签发均未发现有效证照";
    "M-LIF-025-e" "LIF-025/05" MetadataWritesBack "reading the metadata writes an old state back" "读取元数据时写回旧状态";
    "M-LIF-025-f" "LIF-025/06" ReissueInTwoSteps "the old licence is replaced before the new one is there" "新证照产生前旧证照已被替代";
    "M-LIF-025-g" "LIF-025/07" KeyLookedUpBeforeWindow "calls with one key at once are each carried out" "同一幂等键的并发调用各自执行";
    "M-LIF-025-h" "LIF-025/08" SerialDrawnTwice "two holders at once get one serial" "两人并发签发得到同一流水号";
    "M-LIF-025-i" "LIF-025/09" AuditNumberDrawnTwice "of changes at once some are not in the audit" "并发变更部分未入审计";
}
