//! Mutants of the area loading.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant(
        "M-LOD-001-a",
        "LOD-001/02",
        "any evidence is taken for the holder's",
        "任何凭据均被当作持证人本人",
        |b| b.loading.any_evidence_accepted = ON,
    ),
    mutant("M-LOD-001-b", "LOD-001/03", "an authentication can be used again", "实人认证可重复使用", |b| {
        b.loading.transactions_reusable = ON
    }),
    mutant("M-LOD-001-c", "LOD-001/04", "the authentication of any person is taken", "接受任何人的认证", |b| {
        b.loading.any_token_accepted = ON
    }),
    mutant("M-LOD-001-d", "LOD-001/05", "the challenge names no method", "挑战未给出认证方式", |b| {
        b.loading.challenge_without_methods = ON
    }),
    mutant("M-LOD-002-a", "LOD-002/02", "a proof by any key is taken", "接受任何密钥的设备证明", |b| {
        b.loading.proof_of_any_key = ON
    }),
    mutant(
        "M-LOD-002-b",
        "LOD-002/03",
        "a proof over an old challenge is taken",
        "接受对旧挑战值的证明",
        |b| b.loading.old_challenge_accepted = ON,
    ),
    mutant("M-LOD-002-c", "LOD-002/04", "the proof may be left out", "设备证明可缺省", |b| {
        b.loading.proof_optional = ON
    }),
    mutant("M-LOD-002-d", "LOD-002/05", "two devices may have one key", "两台设备可共用一个密钥", |b| {
        b.loading.device_key_shared = ON
    }),
    mutant(
        "M-LOD-003-a",
        "LOD-003/01",
        "the first device goes on after a second load",
        "在第二台设备装载后首台仍可用",
        |b| b.loading.old_device_kept = ON,
    ),
    mutant("M-LOD-005-a", "LOD-005/02", "any PIN unlocks", "任意口令均可解锁", |b| {
        b.loading.pin_not_checked = ON
    }),
    mutant("M-LOD-005-b", "LOD-005/03", "nobody needs to unlock", "无需解锁", |b| b.loading.pin_optional = ON),
    mutant("M-LOD-005-c", "LOD-005/04", "the lock follows the device", "锁定仅针对设备", |b| {
        b.loading.lock_by_device = ON
    }),
    mutant("M-LOD-005-d", "LOD-005/04", "wrong PINs never lock", "口令错误从不锁定", |b| {
        b.loading.never_locks = ON
    }),
    mutant("M-LOD-006-a", "LOD-006/02", "a code lives 90 s", "出示码有效90秒", |b| {
        b.loading.code_lives_90_s = ON
    }),
    mutant("M-LOD-006-b", "LOD-006/04", "a code is redeemed twice", "出示码可兑换两次", |b| {
        b.loading.redeem_twice = ON
    }),
    mutant("M-LOD-006-c", "LOD-006/05", "redemptions at once all win", "并发兑换均成功", |b| {
        b.loading.redeem_pauses = ON
    }),
    mutant("M-LOD-006-d", "LOD-006/06", "an earlier code goes on working", "旧出示码仍可用", |b| {
        b.loading.codes_pile_up = ON
    }),
    mutant("M-LOD-006-e", "LOD-006/07", "an expired code is redeemed", "过期出示码仍可兑换", |b| {
        b.loading.expired_code_redeems = ON
    }),
    mutant("M-LOD-006-f", "LOD-006/01", "the code names no party", "出示码未指明依赖方", |b| {
        b.loading.code_without_audience = ON
    }),
    mutant(
        "M-LOD-007-a",
        "LOD-007/01",
        "the handle of the code is the holder's name",
        "出示码句柄为持证人姓名",
        |b| b.loading.code_holds_name = ON,
    ),
    mutant(
        "M-LOD-007-b",
        "LOD-007/02",
        "the handle of the code is the same each time",
        "出示码句柄每次相同",
        |b| b.loading.code_reference_stable = ON,
    ),
    mutant("M-LOD-008-a", "LOD-008/02", "anybody redeems a code", "任何依赖方均可兑换", |b| {
        b.loading.any_audience_redeems = ON
    }),
    mutant("M-LOD-008-b", "LOD-008/03", "a refused party spoils the code", "被拒依赖方使出示码失效", |b| {
        b.loading.foreign_redeem_burns = ON
    }),
    mutant("M-LOD-008-c", "LOD-008/04", "the nonce is not compared", "不比对随机数", |b| {
        b.loading.nonce_unchecked = ON
    }),
    mutant("M-LOD-008-d", "LOD-008/05", "guesses are never throttled", "猜测从不限流", |b| {
        b.loading.unknown_codes_unlimited = ON
    }),
    mutant("M-LOD-009-a", "LOD-009/02", "the signature of a request is not checked", "不校验请求签名", |b| {
        b.loading.request_signature_ignored = ON
    }),
    mutant("M-LOD-009-b", "LOD-009/04", "an expired request is shown", "过期请求仍被展示", |b| {
        b.loading.request_expiry_ignored = ON
    }),
    mutant("M-LOD-009-c", "LOD-009/05", "any party signs for any other", "任何依赖方可代他方签名", |b| {
        b.loading.request_of_any_party = ON
    }),
    mutant(
        "M-LOD-010-a",
        "LOD-010/01",
        "the code grants all that was asked",
        "出示码授予全部所请求属性",
        |b| b.loading.grants_whole_request = ON,
    ),
    mutant("M-LOD-010-b", "LOD-010/03", "a denial gives a code", "拒绝后仍给出出示码", |b| {
        b.loading.denial_gives_code = ON
    }),
    mutant("M-LOD-010-c", "LOD-010/04", "more than was asked may be approved", "可授权请求之外的属性", |b| {
        b.loading.scope_beyond_request = ON
    }),
    mutant("M-LOD-010-d", "LOD-010/05", "approving nothing approves all", "未勾选即视为全部同意", |b| {
        b.loading.scope_by_default = ON
    }),
    mutant("M-LOD-010-e", "LOD-010/06", "all that was granted comes back", "返回全部已授权属性", |b| {
        b.loading.wanted_ignored = ON
    }),
    mutant(
        "M-LOD-011-a",
        "LOD-011/01",
        "the log forgets name, scene and cause",
        "记录缺少名称、场景与事由",
        |b| b.loading.log_without_consent_terms = ON,
    ),
    mutant("M-LOD-012-a", "LOD-012/01", "a withdrawal changes nothing", "撤回不生效", |b| {
        b.loading.withdrawal_ignored = ON
    }),
    mutant("M-LOD-013-a", "LOD-013/02", "a suspension is seen after five seconds", "五秒后才察觉暂停", |b| {
        b.loading.status_seen_late = ON
    }),
    mutant("M-LOD-014-a", "LOD-014/02", "a licence in any state is loaded", "任何状态的证照均可装载", |b| {
        b.loading.load_of_any_state = ON
    }),
    mutant("M-LOD-014-b", "LOD-014/07", "a revoked licence is shown", "已注销证照仍可出示", |b| {
        b.loading.present_of_revoked = ON
    }),
    mutant(
        "M-LOD-014-c",
        "LOD-014/08",
        "a suspended licence gives attributes",
        "已暂停证照仍返回属性",
        |b| b.loading.redeem_of_suspended = ON,
    ),
    mutant("M-LOD-014-d", "LOD-014/10", "the status is read after the attributes", "先取属性后读状态", |b| {
        b.loading.redeem_splits = ON
    }),
    mutant("M-LOD-015-a", "LOD-015/02", "an unloaded licence goes on", "卸载后仍可出示", |b| {
        b.loading.unload_keeps_key = ON
    }),
    mutant(
        "M-LOD-015-b",
        "LOD-015/03",
        "unloading twice is a server error",
        "重复卸载导致服务端错误",
        |b| b.loading.unload_fails_twice = ON,
    ),
    mutant("M-LOD-015-c", "LOD-015/04", "unloading revokes the licence", "卸载注销了证照", |b| {
        b.loading.unload_revokes = ON
    }),
    mutant("M-LOD-015-d", "LOD-015/05", "unloading ends every device", "卸载影响其他设备", |b| {
        b.loading.unload_ends_others = ON
    }),
    mutant(
        "M-LOD-015-e",
        "LOD-015/06",
        "unloading sweeps away a new device",
        "卸载误删并发装载的设备",
        |b| b.loading.unload_races = ON,
    ),
    mutant("M-LOD-015-f", "LOD-015/07", "the issuer learns why", "签发方得知卸载原因", |b| {
        b.loading.unload_tells_issuer_why = ON
    }),
    mutant("M-LOD-015-g", "LOD-015/08", "a code outlives the unload", "卸载后旧出示码仍返回属性", |b| {
        b.loading.code_survives_unload = ON
    }),
    mutant(
        "M-LOD-015-h",
        "LOD-015/09",
        "a repeated unload asks the holder again",
        "重复的卸载请求再次验证持证人",
        |b| b.loading.unload_replay_refused = ON,
    ),
    mutant(
        "M-LOD-015-i",
        "LOD-015/10",
        "unloading a suspended licence does nothing",
        "卸载已暂停的证照不生效",
        |b| b.loading.unload_of_suspended_ignored = ON,
    ),
    mutant("M-LOD-016-a", "LOD-016/01", "the mask shows the surname", "脱敏显示姓氏", |b| {
        b.loading.mask_shows_surname = ON
    }),
    mutant("M-LOD-016-b", "LOD-016/02", "masking counts UTF-16 units", "脱敏按UTF-16单元计数", |b| {
        b.loading.mask_by_utf16 = ON
    }),
    mutant(
        "M-LOD-019-a",
        "LOD-019/01",
        "unloading revokes what was suspended before",
        "卸载注销曾被暂停的证照",
        |b| b.loading.unload_revokes_once_suspended = ON,
    ),
    mutant("M-LOD-020-a", "LOD-020/01", "a repeated load loads again", "重复装载再次执行", |b| {
        b.loading.load_twice_with_one_key = ON
    }),
    mutant("M-LOD-020-b", "LOD-020/02", "a repeated redemption is refused", "重复兑换被拒绝", |b| {
        b.loading.replay_of_redeem_refused = ON
    }),
    mutant("M-LOD-021-a", "LOD-021/01", "any address in a request is called", "访问请求中的任意地址", |b| {
        b.loading.response_uri_called = ON
    }),
    mutant(
        "M-LOD-022-a",
        "LOD-022/01",
        "a proof of age has a length of its own",
        "年龄证明长度因人而异",
        |b| b.loading.uneven_answers = ON,
    ),
    mutant(
        "M-LOD-023-a",
        "LOD-023/01",
        "the pairwise identifier is the same everywhere",
        "成对标识处处相同",
        |b| b.loading.pairwise_same_everywhere = ON,
    ),
    mutant("M-LOD-024-a", "LOD-024/01", "a denial tells the name", "拒绝时返回姓名", |b| {
        b.loading.denial_tells_name = ON
    }),
    mutant("M-LOD-025-a", "LOD-025/01", "the evidence belongs to another code", "凭据属于其他出示码", |b| {
        b.loading.evidence_of_another_code = ON
    }),
    mutant("M-LOD-025-b", "LOD-025/01", "the evidence is not signed", "凭据未签名", |b| {
        b.loading.evidence_unsigned = ON
    }),
    mutant(
        "M-PRV-001-a",
        "PRV-001/02",
        "the portrait goes out with the rest",
        "人像随其他属性一并提供",
        |b| b.loading.photo_without_confirmation = ON,
    ),
    mutant("M-LOD-026-a", "LOD-026/01", "the log holds the name", "记录含姓名", |b| {
        b.loading.log_tells_values = ON
    }),
    mutant("M-PRV-003-a", "PRV-003/01", "the log leaves out denials", "记录缺少拒绝", |b| {
        b.loading.log_without_denials = ON
    }),
    mutant("M-PRV-003-b", "PRV-003/02", "anybody reads the log", "任何人可读取记录", |b| {
        b.loading.log_open_to_others = ON
    }),
    mutant("M-PRV-003-c", "PRV-003/03", "a deleted entry stays", "已删除条目仍在", |b| {
        b.loading.uses_delete_ignored = ON
    }),
    mutant("M-PRV-003-d", "PRV-003/01", "the log leaves out failures", "记录缺少失败", |b| {
        b.loading.log_without_failures = ON
    }),
    mutant("M-PRV-003-e", "PRV-003/01", "the log leaves out redemptions", "记录缺少兑换", |b| {
        b.loading.log_without_redeems = ON
    }),
    mutant("M-LOD-015-j", "LOD-015/01", "unloading is answered with a conflict", "卸载应答为冲突", |b| {
        b.loading.unload_answers_error = ON
    }),
    mutant(
        "M-LOD-002-e",
        "LOD-002/01",
        "the device certificate is for another key",
        "设备证书对应其他密钥",
        |b| b.loading.binding_of_another_key = ON,
    ),
    mutant("M-LOD-006-g", "LOD-006/01", "the code is signed by another key", "出示码由其他密钥签名", |b| {
        b.loading.code_signed_by_another = ON
    }),
];
