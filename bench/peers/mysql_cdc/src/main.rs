//! peer PRODUCT HOST PORT USER PASSWORD FILE SIZE: reads one binlog file live with the crate mysql_cdc, decodes every row and prints their number.

use mysql_cdc::binlog_client::BinlogClient;
use mysql_cdc::binlog_options::BinlogOptions;
use mysql_cdc::errors::Error;
use mysql_cdc::events::binlog_event::BinlogEvent;
use mysql_cdc::replica_options::ReplicaOptions;
use mysql_cdc::ssl_mode::SslMode;

fn main() -> Result<(), Error> {
    let words: Vec<String> = std::env::args().collect();
    let size: u32 = words[7].parse().expect("size");
    let options = ReplicaOptions {
        hostname: words[2].clone(),
        port: words[3].parse().expect("port"),
        username: words[4].clone(),
        password: words[5].clone(),
        blocking: true,
        ssl_mode: SslMode::Disabled,
        server_id: 900_001,
        binlog: BinlogOptions::from_position(words[6].clone(), 4),
        ..Default::default()
    };
    let mut client = BinlogClient::new(options);
    let mut rows = 0;
    for result in client.replicate()? {
        let (header, event) = result?;
        rows += match &event {
            BinlogEvent::WriteRowsEvent(e) => e.rows.len(),
            BinlogEvent::UpdateRowsEvent(e) => e.rows.len(),
            BinlogEvent::DeleteRowsEvent(e) => e.rows.len(),
            _ => 0,
        };
        client.commit(&header, &event);
        if header.next_event_position >= size {
            break;
        }
    }
    println!("{rows}");
    Ok(())
}
