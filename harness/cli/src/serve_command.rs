//! `ecric serve`: the reference implementation as a long-running server.

use std::io::Write as _;

use ecric_model::published;
use ecric_model::requirement::Role;
use ecric_model::{Lang, Text};
use ecric_reference::{
    Behaviour, Config, Server, Vendor, behaviour_of, behaviour_of_variant, mutants, take_reads, variants,
};
use time::OffsetDateTime;
use tokio::io::AsyncReadExt as _;

use crate::args::{OnOff, ServeArgs};
use crate::exit;
use crate::plan_command::complain;

/// Runs the command.
pub(crate) fn execute(arguments: &ServeArgs, lang: Lang) -> u8 {
    if arguments.list_mutants {
        return list(lang);
    }
    if arguments.list_variants {
        return list_variants(lang);
    }
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).with_max_level(tracing::Level::WARN).init();
    let config = match config(arguments) {
        Ok(config) => config,
        Err(text) => {
            complain(lang, &text);
            return exit::USAGE;
        }
    };
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if arguments.exit_with_stdin {
        // It serves one run, whose cases share one thread: more of them here only hand work to each other.
        builder.worker_threads(1);
    }
    let Ok(runtime) = builder.enable_all().build() else { return exit::SUITE };
    runtime.block_on(serve(arguments, config, lang))
}

/// Prints the variants, one a line.
pub(crate) fn list_variants(lang: Lang) -> u8 {
    for variant in variants() {
        let info = variant.info;
        let words = match lang {
            Lang::En => info.en,
            Lang::ZhCn => info.zh,
        };
        say!("{}  {words}", info.name);
    }
    exit::OK
}

/// Prints the mutants with the case that must kill each, one a line.
pub(crate) fn list(lang: Lang) -> u8 {
    for mutant in mutants() {
        let info = mutant.info;
        let words = match lang {
            Lang::En => info.en,
            Lang::ZhCn => info.zh,
        };
        let vendor = info.vendor.map(|name| format!("  (--vendor {name})")).unwrap_or_default();
        say!("{}  {}  {words}{vendor}", info.id, info.killed_by);
    }
    exit::OK
}

fn config(arguments: &ServeArgs) -> Result<Config, Text> {
    let mut roles = Vec::new();
    for name in &arguments.role {
        roles.push(match name.as_str() {
            "issuer" => Role::Issuer,
            "sharing_service" => Role::SharingService,
            "verifier" => Role::Verifier,
            "loader" => Role::Loader,
            other => {
                return Err(Text::new(
                    format!("--role {other:?}: wanted issuer, sharing_service, verifier, loader"),
                    format!("--role {other:?}：可用 issuer、sharing_service、verifier、loader"),
                ));
            }
        });
    }
    let behaviour = match (&arguments.mutant, &arguments.variant) {
        (None, None) => Behaviour::default(),
        (None, Some(name)) => behaviour_of_variant(name).ok_or_else(|| {
            Text::new(
                format!("--variant {name:?}: no such variant; `ecric serve --list-variants` lists them"),
                format!("--variant {name:?}：没有该变体；可用 `ecric serve --list-variants` 列出"),
            )
        })?,
        (Some(id), _) => behaviour_of(id).ok_or_else(|| {
            Text::new(
                format!("--mutant {id:?}: no such mutant; `ecric serve --list-mutants` lists them"),
                format!("--mutant {id:?}：没有该变异体；可用 `ecric serve --list-mutants` 列出"),
            )
        })?,
    };
    if !arguments.listen.ip().is_loopback() && arguments.test_mode == OnOff::On {
        return Err(Text::new(
            "--listen: the test controls with published keys are offered on loopback only; use --test-mode off",
            "--listen：测试控制接口使用公开密钥，仅可在环回地址提供；请使用 --test-mode off",
        ));
    }
    Ok(Config {
        roles,
        test_mode: arguments.test_mode == OnOff::On,
        data_dir: arguments.data.clone(),
        behaviour,
        nodes: usize::from(arguments.nodes),
        control_free_node: arguments.control_free_node,
        clock: OffsetDateTime::now_utc,
        seed: crate::seed::draw().bytes,
        apps: published::ALL.to_vec(),
        vendor: arguments.vendor.as_deref().map(vendor).transpose()?,
    })
}

fn vendor(name: &str) -> Result<Vendor, Text> {
    Vendor::ALL.into_iter().find(|vendor| vendor.name() == name).ok_or_else(|| {
        let known = Vendor::ALL.map(Vendor::name).join(", ");
        Text::new(format!("--vendor {name:?}: wanted {known}"), format!("--vendor {name:?}：可用 {known}"))
    })
}

async fn serve(arguments: &ServeArgs, config: Config, lang: Lang) -> u8 {
    let roles = arguments.role.clone();
    let server = match Server::start(config, arguments.listen).await {
        Ok(server) => server,
        Err(error) => {
            complain(lang, &Text::new(format!("cannot serve: {error}"), format!("无法提供服务：{error}")));
            return exit::USAGE;
        }
    };
    let mut urls = server.urls().to_vec();
    let control_free = if arguments.control_free_node { urls.pop() } else { None };
    let ready = serde_json::json!({
        "url": urls.first(),
        "urls": urls,
        "control_free_url": control_free,
        "roles": roles,
        "mutant": arguments.mutant,
        "vendor": arguments.vendor,
        "variant": arguments.variant,
        "app": published::REFERENCE.app,
        "key": published::REFERENCE.key_hex,
    });
    say!("{ready}");
    let _ = std::io::stdout().flush();
    if arguments.exit_with_stdin {
        tokio::select! {
            () = wait_for_end() => {}
            () = questions() => {}
        }
    } else {
        wait_for_end().await;
    }
    server.shutdown().await;
    exit::OK
}

/// Until the end of the input. Each line of it asks which decisions the reference took since the last one.
async fn questions() {
    let mut buffer = [0_u8; 64];
    let mut input = tokio::io::stdin();
    while let Ok(count @ 1..) = input.read(&mut buffer).await {
        for _ in buffer[..count].iter().filter(|byte| **byte == b'\n') {
            say!("{}", serde_json::json!(take_reads()));
            let _ = std::io::stdout().flush();
        }
    }
}

/// Waits for SIGINT or SIGTERM.
pub(crate) async fn wait_for_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
