//! peer PRODUCT HOST PORT USER PASSWORD FILE SIZE: reads one binlog file live with the crate mysql_async, decodes every row and prints their number.

use futures_util::StreamExt;
use mysql_async::binlog::events::EventData;
use mysql_async::{BinlogStreamRequest, Conn, OptsBuilder, Result};

async fn count(words: &[String]) -> Result<u64> {
    let size: u32 = words[7].parse().expect("size");
    let options = OptsBuilder::default()
        .ip_or_hostname(words[2].clone())
        .tcp_port(words[3].parse().expect("port"))
        .user(Some(words[4].clone()))
        .pass(Some(words[5].clone()))
        .prefer_socket(false);
    let request = BinlogStreamRequest::new(900_002)
        .with_filename(words[6].as_bytes())
        .with_pos(4);
    let mut stream = Conn::new(options).await?.get_binlog_stream(request).await?;
    let mut rows = 0;
    while let Some(event) = stream.next().await {
        let event = event?;
        if let Some(EventData::RowsEvent(data)) = event.read_data()? {
            let table = stream.get_tme(data.table_id()).expect("table map");
            for row in data.rows(table) {
                std::hint::black_box(row?);
                rows += 1;
            }
        }
        if event.header().log_pos() >= size {
            break;
        }
    }
    Ok(rows)
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("runtime");
    match runtime.block_on(count(&words)) {
        Ok(rows) => println!("{rows}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}
