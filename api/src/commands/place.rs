//! Which database a command works on: that of a demo's folder, or one given by its address.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use db::evidence::FileKey;
use db::uploads::UploadLimits;
use db::vault::{KeyRing, Vault};
use db::{Store, StoreError, StoreOptions};
use serde::{Deserialize, Serialize};
use workflows::machine::Rulebook;
use workflows::sample;

use super::Failure;
use super::rulebook::{self, BASE_BOOK, Text, Texts};
use crate::cli::Where;
use crate::config::{BookFiles, Config, Documents as DocumentSettings, Flags, Secret, Vault as Settings};
use crate::documents::objects::{Objects, S3};
use crate::documents::{DocumentRules, Documents};

/// Name of the demo's own database in its folder.
const DATABASE: &str = "yushi.sqlite";
/// What a demo notes in its folder, for the commands that work on it.
const NOTE: &str = "demo.json";

/// What a demo notes in its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Address of the database, where it is not the folder's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
}

impl Note {
    /// Reads the note of a folder; a folder without one has the defaults.
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        match std::fs::read_to_string(folder.join(NOTE)) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|error| Failure::file(&folder.join(NOTE), &std::io::Error::other(error))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Failure::file(&folder.join(NOTE), &error)),
        }
    }

    /// Writes the note; the address may hold a password, so only the owner reads it.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        let path = folder.join(NOTE);
        let text = serde_json::to_string(self).unwrap_or_default();
        write_private(&path, &text).map_err(|error| Failure::file(&path, &error))
    }
}

/// Writes a file that only its owner reads.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// The address of the database in a demo's folder.
pub fn demo_database(folder: &Path) -> String {
    let path = folder.join(DATABASE).display().to_string();
    let escaped = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("sqlite://{escaped}")
}

/// Where the key of a demo's checkpoints is.
pub fn key_in(folder: &Path) -> PathBuf {
    folder.join("evidence.key")
}

/// Where a demo's checkpoints are copied to.
pub fn copies_in(folder: &Path) -> PathBuf {
    folder.join("checkpoints")
}

/// Where the key is that seals what a demo stores.
pub fn vault_key_in(folder: &Path) -> PathBuf {
    folder.join("vault.key")
}

/// Makes the keys of a demo, for its checkpoints and its vault, at its first start.
pub fn make_keys(folder: &Path) -> Result<(), Failure> {
    make_key(&key_in(folder), FileKey::generate)?;
    make_key(&vault_key_in(folder), KeyRing::generate)
}

/// Makes a key where there is none yet.
fn make_key(path: &Path, generate: fn() -> std::io::Result<String>) -> Result<(), Failure> {
    if path.is_file() {
        return Ok(());
    }
    generate().and_then(|key| write_private(path, &key)).map_err(|error| Failure::file(path, &error))
}

/// Writes a new key of the vault to a file that is not there yet. Errors: it is there, or cannot be written.
pub fn new_vault_key(path: &Path) -> Result<(), Failure> {
    let made = KeyRing::generate().and_then(|key| {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        std::io::Write::write_all(&mut options.open(path)?, key.as_bytes())
    });
    made.map_err(|error| Failure::file(path, &error))
}

/// The vault of a configuration; `None` where it names no key. Errors: a key cannot be read.
pub fn vault_of(settings: &Settings) -> Result<Option<Arc<Vault>>, Failure> {
    let Some(active) = &settings.key else { return Ok(None) };
    let previous: Vec<&Path> = settings.previous_keys.iter().map(PathBuf::as_path).collect();
    let ring = KeyRing::read(active, &previous).map_err(|error| {
        Failure::usage(
            format!("保管庫の鍵（vault.key、vault.previous_keys）を読めません（{error}）。"),
            format!("vault.key, vault.previous_keys: {error}; accepted: what `yushi keys new` writes, readable by its owner"),
        )
    })?;
    Ok(Some(Vault::new(Arc::new(ring))))
}

/// Where a demo's documents lie.
pub fn documents_in(folder: &Path) -> PathBuf {
    folder.join("documents")
}

/// The documents of a configuration; `None` where it names no place for them. Errors: the place cannot be used.
pub fn documents_of(set: &DocumentSettings) -> Result<Option<Arc<Documents>>, Failure> {
    let objects = match (&set.folder, &set.bucket) {
        (Some(folder), _) => Objects::in_folder(folder).map_err(|error| Failure::file(folder, &error))?,
        (None, Some(bucket)) => {
            let s3 = S3 {
                bucket,
                region: &set.region,
                endpoint: set.endpoint.as_deref(),
                key_id: set.key_id.as_deref(),
                secret: set.secret.as_ref().map(Secret::expose),
            };
            Objects::in_bucket(&s3).map_err(|fault| {
                Failure::usage(
                    "documents.bucket の設定で保管先を開けません。",
                    format!("documents.bucket: the store cannot be opened: {fault}"),
                )
            })?
        }
        (None, None) => return Ok(None),
    };
    let scanner = set.scan.parse().map_err(|accepted: String| {
        Failure::usage(
            format!("documents.scan: 指定できる値は {accepted} です。"),
            format!("documents.scan: accepted: {accepted}"),
        )
    })?;
    let mib = |megabytes: u32| u64::from(megabytes) * 1024 * 1024;
    let rules = DocumentRules {
        file_bytes: mib(set.file_megabytes),
        uploads: UploadLimits {
            case_bytes: mib(set.case_megabytes),
            open: u64::from(set.open_uploads),
            time: TimeDelta::hours(i64::from(set.upload_hours)),
        },
        link: TimeDelta::minutes(i64::from(set.link_minutes)),
        ..DocumentRules::default()
    };
    Ok(Some(Arc::new(Documents { objects, scanner, rules })))
}

/// The documents beside a store that [`open`] opens. Errors: the place cannot be used.
pub fn documents_at(place: &Where) -> Result<Option<Arc<Documents>>, Failure> {
    let set = match &place.data {
        Some(folder) => {
            let folder = Some(documents_in(folder)).filter(|folder| folder.is_dir());
            DocumentSettings { folder, ..DocumentSettings::default() }
        }
        None => {
            let flags = Flags { database_url: place.database_url.clone(), ..Flags::default() };
            let config = crate::config::load(&flags, std::env::vars());
            config.map_err(|problems| crate::node::configuration(&problems))?.documents
        }
    };
    documents_of(&set)
}

/// The rules of the demo: the banks of the sample applications and their editions under the built-in base book.
pub fn sample_rules() -> Result<Rulebook, Failure> {
    let rules = sample::rulebook().map_err(|problems| {
        Failure::usage(
            "組込みの商品台帳に誤りがあります。",
            format!("the built-in books are wrong: {problems:?}"),
        )
    })?;
    let banks = rules.books.banks().filter(|code| *code != sample::INVENTED_BANK);
    let banks: Vec<String> = banks.map(str::to_owned).collect();
    rulebook::only(rules, &banks)
}

/// The rules of configured files. Errors: a file is missing or wrong.
pub fn rules_of(files: &BookFiles, institutions: &[String]) -> Result<Rulebook, Failure> {
    let needed = |file: &Option<PathBuf>, key: &str| {
        file.clone().ok_or_else(|| {
            Failure::usage(
                format!("{key} が設定されていません。"),
                format!("{key}: a value is required; accepted: a file"),
            )
        })
    };
    let base = match &files.base {
        Some(path) => Text::read(path)?,
        None => Text::built_in("base.toml", BASE_BOOK),
    };
    let texts = Texts {
        base,
        parameters: Text::read(&needed(&files.parameters, "books.parameters")?)?,
        editions: files.editions.iter().map(|path| Text::read(path)).collect::<Result<_, _>>()?,
        rates: Text::read(&needed(&files.posted_rates, "books.posted_rates")?)?,
    };
    rulebook::only(rulebook::load(&texts)?, institutions)
}

/// Opens the store of a demo's folder or of an address, from the flag or the environment. The rules are those of the
/// configuration in the environment, where it names any, else those of the demo.
pub async fn open(place: &Where) -> Result<(Store, Arc<Rulebook>), Failure> {
    let (url, rules, vault) = match &place.data {
        Some(folder) => {
            let key = Some(vault_key_in(folder)).filter(|key| key.is_file());
            (url_of(folder)?, sample_rules()?, Settings { key, ..Settings::default() })
        }
        None => {
            let flags = Flags { database_url: place.database_url.clone(), ..Flags::default() };
            let config = crate::config::load(&flags, std::env::vars())
                .map_err(|problems| crate::node::configuration(&problems))?;
            let url = config.database_url.as_ref().ok_or_else(|| {
                Failure::usage(
                    "--data、--database-url または環境変数 YUSHI_DATABASE_URL が必要です。",
                    "--data, --database-url or the environment variable YUSHI_DATABASE_URL is needed",
                )
            })?;
            (url.expose().to_owned(), environment_rules(&config)?, config.vault.clone())
        }
    };
    let rules = Arc::new(rules);
    let mut options = StoreOptions::new(rules.clone());
    options.vault = vault_of(&vault)?;
    let store = connect(&url, options).await?;
    Ok((store, rules))
}

/// Opens a store whose schema is up to date.
pub async fn connect(url: &str, options: StoreOptions) -> Result<Store, Failure> {
    let store = Store::open(url, options).await.map_err(|error| database(&error))?;
    if store.is_migrated().await.map_err(|error| database(&error))? {
        store.assert_spans().await.map_err(|error| match error {
            StoreError::BoundToOneBank => Failure::usage(
                "データベースの役割が1金庫に限られています。database_across_url に yushi_worker などの役割を設定してください（deploy/postgres/roles.sql）。",
                error.to_string(),
            ),
            other => database(&other),
        })?;
        return Ok(store);
    }
    Err(Failure::usage(
        "データベースのスキーマが古いか、作成されていません。先に yushi migrate を実行してください。",
        "the schema of the database is missing or old: run `yushi migrate` first",
    ))
}

/// A file holds the applications of one bank: SQLite has no second wall between two. Errors: it holds those of another.
pub async fn of_one_bank(store: &Store, rules: &Rulebook) -> Result<(), Failure> {
    let held = store.institutions().await.map_err(|error| database(&error))?;
    let served: Vec<&str> = rules.books.banks().collect();
    let Some(other) = held.iter().find(|bank| !served.contains(&bank.as_str())) else { return Ok(()) };
    let served = served.join(", ");
    Err(Failure::usage(
        format!(
            "SQLiteのファイルに他の金庫（{other}）の申込があります。SQLiteでは1金庫（{served}）のみ運用できます。PostgreSQLを使ってください。"
        ),
        format!(
            "the SQLite file holds applications of another bank ({other}); SQLite serves one bank in production ({served}): use PostgreSQL"
        ),
    ))
}

/// A database that does not answer, without its address: that may hold a password.
pub fn database(error: &db::StoreError) -> Failure {
    if let StoreError::Keys(fault) = error {
        return Failure::usage(
            "保管庫の鍵がありません。vault.key と vault.previous_keys（環境変数 YUSHI_VAULT__KEY）を確認してください。",
            format!("vault: {fault}"),
        );
    }
    Failure::outside("データベースに接続できないか、エラーが返りました。", format!("database: {error}"))
}

fn url_of(folder: &Path) -> Result<String, Failure> {
    if let Some(url) = Note::read(folder)?.database_url {
        return Ok(url);
    }
    if folder.join(DATABASE).is_file() {
        return Ok(demo_database(folder));
    }
    let folder = folder.display();
    Err(Failure::usage(
        format!("{folder}: デモのデータがありません。先に yushi demo を実行してください。"),
        format!("{folder}: there is no demo in this folder; run `yushi demo` first"),
    ))
}

fn environment_rules(config: &Config) -> Result<Rulebook, Failure> {
    if config.books.parameters.is_none() {
        sample_rules()
    } else {
        rules_of(&config.books, &config.institutions)
    }
}
