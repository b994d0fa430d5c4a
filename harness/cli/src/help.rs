//! The command with help in the chosen language.

use clap::{Command, CommandFactory as _};
use ecric_model::Lang;

use crate::args::Cli;

/// Chinese help: command path, argument id (empty for the command itself), text.
const CHINESE: &[(&str, &str, &str)] = &[
    ("", "", "居民身份证电子证照一致性与互操作测试套件"),
    ("", "lang", "消息与报告的语言：en、zh-CN（默认取自 LANG）"),
    ("run", "", "计划、执行、判定并出具报告；不给目标文件时测试内嵌参考实现"),
    ("plan", "", "列出将执行的用例与计划哈希，不执行"),
    ("serve", "", "以服务方式运行参考实现"),
    ("lint", "", "检查登记册、特性文件与向量"),
    ("report", "", "由 run.json 重新生成报告"),
    ("gate", "", "比较两次测试：变差即不通过"),
    ("gate", "baseline", "作为基准的测试：其目录或 run.json"),
    ("gate", "new", "新的测试：其目录或 run.json"),
    ("gate", "markdown", "将比较结果写为合并请求用的Markdown；- 表示标准输出"),
    ("gate", "json", "以JSON输出比较结果"),
    ("gate", "accept_plan_change", "接受不同的计划：有意换用新套件或其他用例"),
    ("review", "", "对待人工评审的用例给出结论"),
    ("review", "run", "一次运行的目录"),
    ("review", "case", "待评审的用例"),
    ("review", "decision", "结论：pass 或 fail"),
    ("review", "by", "评审人"),
    ("review", "note", "理由"),
    ("*", "sarif", "将问题写为SARIF，供代码扫描使用"),
    ("target", "", "生成或检查目标文件"),
    ("target new", "", "由预设生成目标文件；在终端上缺少参数时会询问"),
    ("target check", "", "检查目标文件并显示相应的测试计划"),
    ("target dry-run", "", "打印某一操作的确切请求；不发送"),
    ("target probe", "", "对每个操作发起一次无害调用并显示结果"),
    ("target call", "", "发送一个操作并以绑定v1的形式打印应答"),
    ("target selftest", "", "启动目标文件中的适配器并单独判定"),
    ("*", "op", "绑定v1的操作名，例如 issuer.metadata"),
    ("*", "input", "绑定v1形式的请求，证照标识写作 `id`；- 表示标准输入（默认：无害样例）"),
    ("*", "show_secrets", "显示密钥与个人信息"),
    ("*", "allow_hooks", "运行目标文件中的 hook：本机程序"),
    ("*", "target", "目标文件；不给时测试内嵌参考实现"),
    ("*", "tags", "标签表达式，例如 \"@core and not @exclusive\"；此时为部分测试"),
    ("*", "only", "仅执行所列要求或用例；此时为部分测试"),
    ("*", "level", "判定的严格程度与计划范围"),
    ("*", "profile", "适用的规则集：core、binding、loader、gov-share"),
    ("*", "depth", "随机样本的规模"),
    ("*", "features", "从目录读取特性文件与登记册，替代内嵌内容"),
    ("run", "out", "结果目录（默认 target/ecric/<运行编号>）"),
    ("*", "format", "报告格式：console、json、html、junit、markdown、ctrf、sarif、earl、messages、har、allure、lab"),
    ("run", "seed", "生成数据的种子，至多64位十六进制（默认随机，见报告）"),
    ("run", "jobs", "并发用例数（默认16，不超过目标文件的 limits.concurrency）"),
    ("run", "fail_fast", "首个不符合的用例后即停止"),
    ("run", "expected", "豁免文件：已知的失败，注明责任人与截止日；不再相符的条目使测试不通过"),
    ("run", "quiet", "只输出结论"),
    ("*", "no_color", "不使用颜色"),
    ("run", "keep_raw", "另行保留所生成人员的原始报文：replay 需要，redact 可移除"),
    ("run", "mode", "运行的约束程度：dev 不限，pretest 要求完整计划，official 锁定筛选、种子与程序"),
    ("run", "resume", "在其目录中完成被中断的运行；两段均保持可见"),
    ("run", "tool_confirmation", "selftest 产生的本程序工具确认记录，放入证据包"),
    ("run", "binary_sm3", "本程序应有的 SM3"),
    ("verify", "", "离线校验证据包、签名声明或工具确认记录"),
    ("verify", "file", "证据包、签名声明、工具确认记录，或运行目录"),
    ("verify", "trust", "受信任的证书（PEM）：签名者自身或其上级根"),
    ("verify", "require_signature", "必须已签名的角色"),
    ("verify", "features", "运行未使用内嵌内容时，所用特性与登记册的目录"),
    ("verify", "json", "以JSON输出结果"),
    ("key", "", "为证据签名的密钥"),
    ("key new", "", "生成SM2密钥：加密的密钥文件及其证书"),
    ("key new", "out", "要写的密钥文件；证书写在旁边，扩展名为 .crt"),
    ("key new", "name", "证书中的持有者名称"),
    ("key new", "role", "将证书限定于一个角色"),
    ("*", "passphrase_file", "首行为口令的文件（默认取 ECRIC_PASSPHRASE，否则在终端询问）"),
    ("sign", "", "以某一角色为证据包签名"),
    ("*", "package", "证据包"),
    ("sign", "role", "角色：vendor 对声明与产品负责，laboratory 对运行负责，body 对证书负责"),
    ("sign", "key", "`ecric key new` 生成的密钥文件"),
    ("sign", "out", "将签名后的包写到此处，而不覆盖原包"),
    ("sign", "attestation", "另将签名单独写成签名声明"),
    ("redact", "", "移除证据包中的原始报文；该包仍可校验"),
    ("redact", "out", "要写的文件"),
    ("replay", "", "不接触被测系统，重新判定所记录的证据"),
    ("replay", "features", "从目录读取特性文件与登记册，替代内嵌内容"),
    ("replay", "json", "以JSON输出结果"),
    ("run", "case_timeout", "单个用例的时限，秒（默认60；long深度为600）"),
    ("run", "mutant", "以一种方式破坏内嵌参考实现，用以观察用例失败"),
    ("run", "variant", "改用另一种同样正确的参考实现"),
    ("run", "vendor", "与 --brief 同用：经示例厂商的接口运行参考实现；供 selftest 使用"),
    ("run", "decisions", "与 --brief 同用：逐个执行用例，并给出各用例涉及的参考实现决策；供 selftest 使用"),
    ("run", "brief", "以一行JSON输出结论，不写目录：供 selftest 使用"),
    ("plan", "json", "以JSON输出完整计划"),
    ("serve", "role", "提供的角色：issuer、sharing_service、verifier、loader"),
    ("serve", "listen", "监听地址；端口0表示任选空闲端口"),
    ("serve", "data", "数据库目录（默认在内存中）"),
    ("serve", "mutant", "以一种方式破坏参考实现；--list-mutants 列出全部"),
    ("serve", "list_mutants", "列出变异体及必须发现它的用例"),
    ("serve", "variant", "提供另一种同样正确的参考实现；--list-variants 列出全部"),
    ("serve", "list_variants", "列出正确变体"),
    ("serve", "test_mode", "是否提供测试控制接口"),
    ("serve", "nodes", "同一数据库上的监听节点数"),
    ("serve", "control_free_node", "另设一个不提供测试控制接口的监听节点"),
    ("serve", "vendor", "改用某一示例厂商的接口而非绑定v1：alpha、beta、gamma、gb36906、delta"),
    ("serve", "exit_with_stdin", "标准输入结束时退出：供启动本服务的进程使用"),
    ("lint", "dir", "特性文件与登记册所在目录（默认检查内嵌内容）"),
    ("lint", "json", "以JSON输出问题"),
    ("lint", "coverage", "改为输出追溯表：依据、可信度、用例、变异体、向量；有缺口则不通过"),
    ("report", "run", "一次运行的目录或其 run.json"),
    (
        "target new",
        "from",
        "预设：native、alpha、beta、gamma、gb36906-json、gb36906-json-sm2enc、login-token-rest、gateway-hmac、gateway-biz-content、adapter",
    ),
    ("target new", "url", "产品的基础地址，不含 /v1"),
    ("target new", "name", "目标的简称"),
    ("target new", "out", "输出文件；- 表示标准输出"),
    ("target new", "force", "覆盖已有文件"),
    ("vectors", "", "向量集：列出、检验任意实现、生成、导出"),
    ("vectors list", "", "每个向量一行：编号、期望、标志"),
    ("vectors list", "json", "以JSON输出全部内容"),
    ("*", "flag", "只取带有所列标志之一的向量"),
    ("*", "operation", "只取所列操作的向量"),
    ("vectors check", "", "用向量检验一个实现；不给 --impl 时在进程内检验内置实现"),
    ("vectors check", "implementation", "以JSON行应答的命令；按shell规则分词，但不启动shell"),
    ("*", "timeout_ms", "单个向量的时限（毫秒）"),
    ("vectors check", "junit", "将结果写为JUnit XML"),
    ("vectors check", "option", "实现对灰色地带的取法：NAME=accept 或 NAME=refuse（默认 refuse）"),
    ("vectors check", "json", "以JSON输出结果"),
    ("vectors generate", "", "重新生成由程序产生的向量文件"),
    ("vectors generate", "check", "不写文件；有差异时以1退出"),
    ("vectors generate", "data", "向量文件所在目录"),
    ("vectors export", "", "将向量写为JSON，供其他项目使用"),
    ("vectors export", "out", "输出目录，每个主题一个文件（默认向标准输出写一个文档）"),
    ("vectors table", "", "询问每个已安装的适配器，写出谁在哪个标志上失败"),
    ("vectors table", "out", "要写的Markdown文件；- 表示标准输出"),
    ("vectors table", "record", "同时写出一致性记录"),
    ("vectors table", "adapters", "适配器所在目录"),
    ("vectors operations", "", "列出会向实现询问的操作"),
    ("vectors operations", "json", "以JSON输出操作"),
    ("vectors answer", "", "用内置实现应答标准输入上的问题"),
    (
        "vectors answer",
        "fault",
        "故意答错：accept-all、reject-all、ignore-id、accept-ber、skip-range、hang=ID、crash=ID、garbage=ID",
    ),
    ("selftest", "", "自证：错误的参考实现均被发现，正确的均通过"),
    ("selftest", "out", "selftest.json、kill-matrix.html、tool-confirmation.json 的目录（默认在 target/ecric 下新建）"),
    ("selftest", "list", "列出变异体及必须发现它的用例，以及正确变体；不执行"),
    ("selftest", "mutants", "仅执行所列变异体；此时为部分自检，未点名的正确变体不执行"),
    ("selftest", "variants", "仅执行所列正确变体；此时为部分自检，未点名的变异体不执行"),
    ("selftest", "jobs", "同时进行的套件运行数（默认：核数的两倍，--full 时为核数）"),
    ("selftest", "seeds", "参考实现与正确变体以种子1至N（或M至N）各运行一次"),
    ("selftest", "full", "各参考实现均执行完整计划：包括 @slow 用例和变异体不可能影响的用例"),
    ("selftest", "run_timeout", "单次测试运行的时限（秒）"),
    ("selftest", "quiet", "只输出结论"),
    ("selftest", "key", "为工具确认记录签名的密钥文件"),
    ("inspect", "", "解释一个对象：证照文件、印章、证书、亮证码、证照标识、公民身份号码"),
    (
        "inspect",
        "subject",
        "文件或二维码图片，或文本：亮证码、证照标识、公民身份号码、统一社会信用代码；- 表示标准输入",
    ),
    ("inspect", "audience", "亮证码：核验的依赖方"),
    ("inspect", "scene", "亮证码：核验的场景"),
    ("inspect", "nonce", "亮证码：所发出的随机数，十六进制"),
    ("inspect", "trust", "受信任根证书、中间证书与撤销列表所在目录，例如由 make pki 生成"),
    ("inspect", "lenient", "接受真实文件中的变体并加以注明；默认按严格规范"),
    ("inspect", "at", "以该时刻为准，RFC 3339（默认为当前时刻）"),
    ("inspect", "switch", "策略开关，例如 ses_v1=flag；可重复"),
    ("inspect", "json", "以JSON输出结果"),
    ("make", "", "生成测试对象，正确的或带缺陷的"),
    ("make", "list_defects", "列出基准文件与缺陷"),
    ("make licence", "", "生成证照文件"),
    ("make pki", "", "生成测试PKI：证书、密钥、信任列表、撤销列表"),
    ("make identifier", "", "输出证照标识"),
    ("make code", "", "输出亮证码，并可写出其二维码图片"),
    ("make code", "seed", "密钥与标识的种子（默认使用公开密钥）"),
    ("make code", "mode", "码的种类：online 联机、offline 脱机（含视图）、bearer 不限依赖方、request 反扫请求"),
    ("make code", "audience", "面向的依赖方（默认为测试依赖方）"),
    ("make code", "scene", "场景：HOTEL、GOV、BANK、RAIL、EXPRESS、NET、OTHER"),
    ("make code", "nonce", "依赖方的随机数，8至16字节十六进制"),
    ("make code", "scope", "属性，以逗号分隔，例如 name,ageOver18"),
    ("make code", "at", "签发时刻，RFC 3339（默认为套件固定时刻）"),
    ("make code", "defect", "要植入的缺陷；自带码的种类"),
    ("make code", "qr", "同时写出二维码PNG图片"),
    ("make code", "pki", "密钥：由种子派生，或测试运行所用的公开密钥"),
    ("*", "seed", "密钥与流水号的种子（默认使用公开密钥）"),
    ("make licence", "base", "基准文件"),
    ("*", "defect", "要植入的缺陷"),
    ("make licence", "holder", "持证人JSON（binding v1 第6.2节成员）；仅限生成的人员"),
    ("*", "pki", "密钥：由种子派生，或运行所用的公开密钥"),
    ("*", "out", "输出文件或目录；- 表示标准输出"),
];

/// The command in the language.
pub(crate) fn command(lang: Lang) -> Command {
    let command = Cli::command();
    match lang {
        Lang::En => command,
        Lang::ZhCn => translated(command, ""),
    }
}

fn lookup(path: &str, argument: &str) -> Option<&'static str> {
    let find = |wanted: &str| CHINESE.iter().find(|(p, a, _)| *p == wanted && *a == argument).map(|(_, _, text)| *text);
    find(path).or_else(|| if argument.is_empty() { None } else { find("*") })
}

fn translated(command: Command, path: &str) -> Command {
    let mut command = match lookup(path, "") {
        Some(text) => command.about(text).long_about(None),
        None => command,
    };
    let ids: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    for id in ids {
        if let Some(text) = lookup(path, &id) {
            command = command.mut_arg(id, |argument| argument.help(text));
        }
    }
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    for name in names {
        let inner = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |sub| translated(sub, &inner));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(command: &Command, path: &str, out: &mut Vec<String>) {
        if lookup(path, "").is_none() {
            out.push(path.to_owned());
        }
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            if !matches!(id, "help" | "version") && lookup(path, id).is_none() {
                out.push(format!("{path} --{id}"));
            }
        }
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            let path =
                if path.is_empty() { inner.get_name().to_owned() } else { format!("{path} {}", inner.get_name()) };
            missing(inner, &path, out);
        }
    }

    #[test]
    fn every_command_and_argument_has_chinese_help() {
        let mut out = Vec::new();
        missing(&Cli::command(), "", &mut out);
        assert!(out.is_empty(), "{out:?}");
        command(Lang::ZhCn).debug_assert();
        command(Lang::En).debug_assert();
    }
}
