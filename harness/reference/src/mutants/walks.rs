//! Mutants that single cases do not see: their faults show after a sequence of calls.

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
    "M-LIF-023-a" "LIF-023/02" SecondSuspensionLost "the second suspension is answered and not kept" "第二次暂停仅应答而未保存";
    "M-LIF-023-b" "LIF-023/02" RestoredAfterRevocationOfSuspended "a licence revoked while suspended is restored" "暂停期间注销的证照可恢复";
    "M-LIF-023-c" "LIF-023/02" RevocationOfSuspendedUnrecorded "the revocation of a suspended licence is not in the audit" "暂停证照的注销未入审计";
    "M-LIF-023-d" "LIF-023/02" DestroyedIdentifierReturns "the identifier of a destroyed licence is given again" "已销毁证照的标识被再次使用";
    "M-LIF-023-e" "LIF-023/02" StatusCachedOverReissue "a status read before a re-issue is served after it" "换发后仍提供换发前读取的状态";
    "M-LIF-023-f" "LIF-023/02" KeyForgottenAfterSecondChange "idempotency keys are forgotten from the second change on" "自第二次变更起遗忘幂等键";
    "M-LIF-023-g" "LIF-023/02" SuspendTogglesAfterRestore "SUSPEND toggles once a licence was restored" "恢复过的证照再次暂停时来回切换";
    "M-LIF-023-h" "LIF-023/02" OldStaysValidAfterRestore "a restored licence stays valid when it is replaced" "恢复过的证照被替代后仍有效";
    "M-LIF-023-i" "LIF-023/02" SearchMissesThirdVersion "the search misses licences from the third version on" "检索遗漏第三版起的证照";
    "M-LIF-023-j" "LIF-023/02" SecondRestoreSkipsVersion "the second restoration skips a version" "第二次恢复跳过一个版本号";
    "M-LIF-023-k" "LIF-023/02" DestroyedServedFromCache "a destroyed licence is served from a cache" "已销毁证照仍由缓存提供";
    "M-LIF-023-l" "LIF-023/02" DestructionTakesSuccessor "destroying a replaced licence takes the data of its successor" "销毁被替代证照时一并删除后继证照的数据";
    "M-LIF-023-m" "LIF-023/02" ThirdVersionNamesFirst "the third version names the first as its predecessor" "第三版将第一版列为前一证照";
    "M-LIF-023-n" "LIF-023/02" VersionTwoBackTaken "the version before the last change but one is taken" "接受两次变更之前的版本号";
    "M-LIF-023-o" "LIF-023/02" VerifierRemembersSuspension "the verifier does not forget a suspension that it has seen" "查验端见过暂停后不再更新";
    "M-LIF-023-p" "LIF-023/01" RevocationReachesPredecessor "a revocation reaches the replaced licence too" "注销波及被替代证照";
    "M-LIF-023-q" "LIF-023/02" RestoredTellsFirstDay "a restored licence tells its first day as the time of its state" "恢复后的证照以生效首日为状态时间";
    "M-LIF-024-a" "LIF-024/02" ActivatedAfterExpiry "an expired licence that never was active is activated" "从未激活的过期证照可激活";
    "M-LIF-024-b" "LIF-024/02" FirstDayKeepsVersion "the first day of a licence does not raise its version" "生效首日未使版本号加1";
    "M-LIF-024-c" "LIF-024/02" SearchShowsExpiredAsStored "the search shows expired licences as they were" "检索仍显示过期证照此前的状态";
    "M-LIF-024-d" "LIF-024/02" ExpiredSuspensionBlocksIssue "a licence that expired while suspended blocks the next one" "暂停期间过期的证照阻碍再次签发";
}
