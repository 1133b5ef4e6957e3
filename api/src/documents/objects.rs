//! The store of bytes: a folder, or any store that speaks S3. It sees sealed bytes under names that name nobody.

use futures::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, RetryConfig,
};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Why the store did not do what was asked. Names in it are those of objects: they name nobody.
pub type Fault = object_store::Error;

/// A store of objects.
#[derive(Clone)]
pub struct Objects(Arc<dyn ObjectStore>);

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Objects({})", self.0)
    }
}

/// An S3-compatible store.
#[derive(Clone, Debug)]
pub struct S3<'a> {
    pub bucket: &'a str,
    pub region: &'a str,
    /// Address of a store that is not Amazon's.
    pub endpoint: Option<&'a str>,
    pub key_id: Option<&'a str>,
    pub secret: Option<&'a str>,
}

impl Objects {
    /// A folder; made where it is not there. What was answered for is on the disk. Errors: it cannot be made.
    pub fn in_folder(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(std::io::Error::other)?;
        Ok(Objects(Arc::new(store.with_fsync(true).with_automatic_cleanup(true))))
    }

    /// Nothing that outlives the process: for tests.
    pub fn in_memory() -> Self {
        Objects(Arc::new(InMemory::new()))
    }

    /// A bucket. Errors: the settings do not fit together.
    pub fn in_bucket(s3: &S3<'_>) -> Result<Self, Fault> {
        // Time-outs are ours; a retry is the store's own, and never longer than a request of a caller.
        let options = ClientOptions::new()
            .with_timeout(Duration::from_secs(30))
            .with_connect_timeout(Duration::from_secs(5))
            .with_allow_http(s3.endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")));
        let retry =
            RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(30), ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(s3.bucket)
            .with_region(s3.region)
            .with_client_options(options)
            .with_retry(retry)
            .with_conditional_put(S3ConditionalPut::ETagMatch);
        if let Some(endpoint) = s3.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let (Some(id), Some(secret)) = (s3.key_id, s3.secret) {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret);
        }
        Ok(Objects(Arc::new(builder.build()?)))
    }

    /// Stores an object that is not there yet; false where one is: nothing is ever written over.
    pub async fn put_new(&self, name: &str, bytes: Vec<u8>) -> Result<bool, Fault> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.0.put_opts(&Key::from(name), PutPayload::from(bytes), options).await {
            Ok(_) => Ok(true),
            Err(Fault::AlreadyExists { .. }) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// An object; `None` where there is none.
    pub async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        match self.0.get(&Key::from(name)).await {
            Ok(found) => Ok(Some(found.bytes().await?.to_vec())),
            Err(Fault::NotFound { .. }) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Deletes an object, where there is one.
    pub async fn delete(&self, name: &str) -> Result<(), Fault> {
        match self.0.delete(&Key::from(name)).await {
            Ok(()) | Err(Fault::NotFound { .. }) => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    /// Deletes everything in a folder; the number of objects.
    pub async fn clear(&self, folder: &str) -> Result<u64, Fault> {
        let found = self.names(folder).await?;
        let count = found.len() as u64;
        let names = futures::stream::iter(found.into_iter().map(|name| Ok(Key::from(name)))).boxed();
        let deleted: Vec<Result<Key, Fault>> = self.0.delete_stream(names).collect().await;
        for one in deleted {
            match one {
                Ok(_) | Err(Fault::NotFound { .. }) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(count)
    }

    /// Names of all objects in a folder, which holds one file, one case or one upload.
    pub async fn names(&self, folder: &str) -> Result<Vec<String>, Fault> {
        let names = self.0.list(Some(&Key::from(folder))).map_ok(|meta| meta.location.to_string());
        names.try_collect().await
    }

    /// Names of the folders and objects right inside a folder.
    pub async fn inside(&self, folder: &str) -> Result<Vec<String>, Fault> {
        let listed = self.0.list_with_delimiter(Some(&Key::from(folder))).await?;
        let folders = listed.common_prefixes.iter().filter_map(|prefix| prefix.filename().map(str::to_owned));
        Ok(folders.collect())
    }
}

/// Folder of a case's files.
pub fn files_of(case: &str) -> String {
    format!("files/{case}")
}

/// Folder of an upload's pieces.
pub fn pieces_of(case: &str, upload: &str) -> String {
    format!("pieces/{case}/{upload}")
}

/// Name of a segment of a file.
pub fn segment_of(case: &str, name: &str, index: u64) -> String {
    format!("files/{case}/{name}/{index:05}")
}
