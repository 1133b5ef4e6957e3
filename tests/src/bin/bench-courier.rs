//! `make bench`: deliveries per second of the courier as a ratio to a bare loop over the same pool of connections, and its memory.
//!
//! The mail server is a sink on a thread of its own in this process; load, courier, server and database share the machine, so ratios
//! count and absolute figures do not. One sink answers at once, so that the loop costs nothing but processor time; the other takes as
//! long for a mail as a server that writes it to its queue. Rounds are interleaved. Memory is that of this process, read from /proc
//! after 1 k, 10 k and 100 k deliveries; the run fails where it grows by more than the bound, or where anything does not end in time.

use notifications::courier::Courier;
use notifications::{
    AddressBook, CourierConfig, CourierParts, Event, Mail, MailChannel, MailConfig, PatternBook, Renderer,
    SmtpChannel, StorePost, Tally, Tls, Transport,
};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tests::bench::median;
use tests::bench::parcels::{Outbox, noon};
use tests::bench::sink::Sink;
use tests::postgres::PrivatePostgres;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What was asked for on the command line.
struct Options {
    /// Mails of a round.
    mails: usize,
    rounds: usize,
    /// How long the slower of the two mail servers takes for a mail.
    answer: Duration,
    /// Deliveries after which the memory is read.
    memory: Vec<usize>,
    /// Most that the memory may grow between the first and the last reading, in kB.
    most_kb: u64,
    /// Longest time for any one stretch.
    patience: Duration,
}

fn options() -> Options {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let of =
        |name: &str| given.iter().position(|word| word == name).and_then(|at| given.get(at + 1)).cloned();
    let number = |name: &str, usual: u64| of(name).and_then(|word| word.parse().ok()).unwrap_or(usual);
    let list = of("--memory").unwrap_or_else(|| "1000,10000,100000".to_owned());
    Options {
        mails: number("--mails", 3_000) as usize,
        rounds: number("--rounds", 3).max(1) as usize,
        answer: Duration::from_millis(number("--answer-ms", 5)),
        memory: list.split(',').filter_map(|word| word.parse().ok()).collect(),
        most_kb: number("--most-kb", 32_768),
        patience: Duration::from_secs(number("--seconds", 900)),
    }
}

/// Counts deliveries; a parcel that ends otherwise is a fault of the measurement.
#[derive(Default)]
struct Count {
    delivered: AtomicUsize,
    otherwise: AtomicUsize,
}

impl Tally for Count {
    fn count(&self, event: Event) {
        match event {
            Event::Delivered(_) => self.delivered.fetch_add(1, Ordering::Relaxed),
            Event::NoAddress | Event::Retried(_) | Event::Parked(_) | Event::OutboxFailed => {
                self.otherwise.fetch_add(1, Ordering::Relaxed)
            }
            Event::Leased(_) => 0,
        };
    }
}

/// One of the two ways over the same pool.
struct Bench {
    channel: Arc<SmtpChannel>,
    config: MailConfig,
    slots: usize,
    patience: Duration,
}

impl Bench {
    /// Mails per second of the bare loop: composed and sent, as many at once as the courier has slots.
    async fn bare(&self, mails: usize) -> Result<f64, String> {
        let bank = self.config.bank("");
        let shell = Renderer::new().and_then(|renderer| renderer.shell("2950-101-2026-000042", bank));
        let shell = shell.map_err(|error| error.to_string())?;
        let from = bank.from.parse().map_err(|_| "the sender".to_owned())?;
        let from = Mail::sender(&bank.name_ja, from);
        let to: notifications::MailAddress =
            "a1@customer.example".parse().map_err(|_| "the recipient".to_owned())?;
        let began = Instant::now();
        let mut flight = JoinSet::new();
        let ended = |answer: Result<Result<String, notifications::Failure>, tokio::task::JoinError>| {
            answer.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
        };
        let sending = async {
            for number in 0..mails {
                if flight.len() >= self.slots
                    && let Some(answer) = flight.join_next().await
                {
                    ended(answer)?;
                }
                let mail = Mail {
                    message_id: format!("<bare-{number}@yushi>"),
                    from: from.clone(),
                    to: to.clone(),
                    at: noon(),
                    shell: shell.clone(),
                    return_path: None,
                    seal: None,
                };
                let channel = self.channel.clone();
                flight.spawn(async move { channel.send(&mail).await });
            }
            while let Some(answer) = flight.join_next().await {
                ended(answer)?;
            }
            Ok::<(), String>(())
        };
        tokio::time::timeout(self.patience, sending)
            .await
            .map_err(|_| "the bare loop takes too long".to_owned())??;
        Ok(mails as f64 / began.elapsed().as_secs_f64())
    }

    /// Mails per second of a courier over what waits. `seen` is told after each of `at` deliveries.
    async fn courier(
        &self,
        outbox: &Outbox,
        mails: usize,
        at: &[usize],
        mut seen: impl FnMut(usize),
    ) -> Result<f64, String> {
        let count = Arc::new(Count::default());
        let book: Arc<dyn AddressBook> = Arc::new(PatternBook(self.config.addresses.clone()));
        let post = Arc::new(StorePost::new(outbox.store.clone()));
        let config = CourierConfig { mail_slots: self.slots, ..CourierConfig::default() };
        let clock = Arc::new(|| noon() + chrono::TimeDelta::seconds(1));
        let parts = CourierParts::new(post, book, clock, self.config.clone(), config, "bench");
        let mut parts = parts.map_err(|error| error.to_string())?;
        parts.mail = Some(self.channel.clone());
        parts.tally = count.clone();
        let courier = Courier::new(parts).map_err(|error| error.to_string())?;
        let stop = CancellationToken::new();
        let (running, began) = (courier.clone(), Instant::now());
        let token = stop.clone();
        let task = tokio::spawn(async move { running.run(token).await });
        let mut marks = at.iter().copied().filter(|mark| *mark <= mails).peekable();
        let watch = async {
            loop {
                let delivered = count.delivered.load(Ordering::Relaxed);
                while let Some(mark) = marks.next_if(|mark| *mark <= delivered) {
                    seen(mark);
                }
                if delivered >= mails {
                    return began.elapsed();
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let watched = tokio::time::timeout(self.patience, watch).await;
        stop.cancel();
        task.await.map_err(|error| error.to_string())?;
        let elapsed = watched.map_err(|_| {
            format!("{} of {mails} mails left in time", count.delivered.load(Ordering::Relaxed))
        })?;
        match count.otherwise.load(Ordering::Relaxed) {
            0 => Ok(mails as f64 / elapsed.as_secs_f64()),
            other => Err(format!("{other} parcels ended otherwise")),
        }
    }
}

/// Resident memory of this process in kB.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// Is the growth between the first and the last reading within the bound? Errors: it is not, or there are no readings.
fn flat(readings: &[(usize, u64)], most_kb: u64) -> Result<u64, String> {
    let (Some(first), Some(last)) = (readings.first(), readings.last()) else {
        return Err("memory was not read".to_owned());
    };
    if readings.len() < 2 || readings.iter().any(|(_, kb)| *kb == 0) {
        return Err("memory was not read".to_owned());
    }
    let growth = last.1.saturating_sub(first.1);
    if growth > most_kb {
        Err(format!("memory grew by {growth} kB, {most_kb} kB allowed"))
    } else {
        Ok(growth)
    }
}

/// The courier's parts at a mail server that takes this long for a mail.
fn bench(options: &Options, answer: Duration) -> Result<(Bench, Sink), String> {
    let sink = Sink::start(answer);
    let slots = CourierConfig::default().mail_slots;
    let config = MailConfig {
        transport: Transport::Smtp,
        host: "127.0.0.1".to_owned(),
        port: Some(sink.port),
        tls: Tls::None,
        addresses: notifications::address::Patterns::demo(),
        idle_connections: slots,
        ..MailConfig::default()
    };
    let channel = Arc::new(SmtpChannel::new(&config).map_err(|error| error.to_string())?);
    Ok((Bench { channel, config, slots, patience: options.patience }, sink))
}

/// Rounds of the bare loop and of the courier on both databases, one after another. Returns the mails sent.
async fn compare(
    bench: &Bench,
    outboxes: &mut [(&str, Outbox); 2],
    options: &Options,
) -> Result<usize, String> {
    let (mails, warm) = (options.mails, options.mails.min(200));
    bench.bare(warm).await?;
    let mut bare = vec![];
    let mut own = [vec![], vec![]];
    for _ in 0..options.rounds {
        bare.push(bench.bare(mails).await?);
        for ((_, outbox), own) in outboxes.iter_mut().zip(&mut own) {
            outbox.fill(mails).await;
            own.push(bench.courier(outbox, mails, &[], |_| ()).await?);
        }
    }
    let bare = median(bare);
    println!("{:<12} {:>10} {:>8}", "", "mails/s", "ratio");
    println!("{:<12} {bare:>10.0} {:>8}", "bare loop", "1.00");
    for ((name, _), own) in outboxes.iter().zip(own) {
        let own = median(own);
        println!("{name:<12} {own:>10.0} {:>8.2}  (aim 0.80)", own / bare);
    }
    Ok(warm + mails * options.rounds * 3)
}

async fn measure(options: &Options) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let database =
        tokio::task::spawn_blocking(PrivatePostgres::start).await.map_err(|error| error.to_string())?;
    let url = database.fresh_database();
    let sqlite = format!("sqlite:{}", folder.path().join("yushi.db").display());
    let mut outboxes = [("PostgreSQL", Outbox::open(&url).await), ("SQLite", Outbox::open(&sqlite).await)];
    let mut failures = vec![];
    println!("{} mails, {} rounds", options.mails, options.rounds);
    let (quick, at_once) = bench(options, Duration::ZERO)?;
    let (slow, queueing) = bench(options, options.answer)?;
    for (bench, sink, answer) in [(&quick, &at_once, Duration::ZERO), (&slow, &queueing, options.answer)] {
        println!("\na mail server that takes {} ms for a mail, {} slots", answer.as_millis(), bench.slots);
        let sent = compare(bench, &mut outboxes, options).await?;
        if sink.taken() != sent as u64 {
            failures.push(format!("the mail server took {} mails, {sent} left", sink.taken()));
        }
    }
    let most = options.memory.iter().copied().max().unwrap_or_default();
    println!("\n{:<12} {:>12} {:>12}", "memory", "deliveries", "resident kB");
    for (name, outbox) in &mut outboxes {
        outbox.fill(most).await;
        let (mut readings, before) = (vec![], at_once.taken());
        quick.courier(outbox, most, &options.memory, |mark| readings.push((mark, resident_kb()))).await?;
        for (mark, kb) in &readings {
            println!("{name:<12} {mark:>12} {kb:>12}");
        }
        match flat(&readings, options.most_kb) {
            Ok(growth) => println!("{name:<12} grew by {growth} kB, {} kB allowed", options.most_kb),
            Err(failure) => failures.push(format!("{name}: {failure}")),
        }
        if at_once.taken() - before != most as u64 {
            failures.push(format!("the mail server took {} mails, {most} left", at_once.taken() - before));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) }
}

#[tokio::main]
async fn main() -> ExitCode {
    match measure(&options()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench-courier: {failure}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod growth {
    use super::*;

    #[test]
    fn growth_beyond_the_bound_is_found() {
        assert_eq!(flat(&[(1_000, 50_000), (10_000, 50_900), (100_000, 51_000)], 2_000), Ok(1_000));
        assert!(flat(&[(1_000, 50_000), (100_000, 90_000)], 2_000).is_err());
        assert!(flat(&[(1_000, 0), (100_000, 0)], 2_000).is_err() && flat(&[(1_000, 5)], 2_000).is_err());
        assert!(resident_kb() > 0);
    }
}
