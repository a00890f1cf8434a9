//! Files of every kind, of 100,000 rows each, against Shopify's in the same run; and the memory that a large file takes.

use super::{Figure, Outcome, bring_in, fresh, import, open};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

/// Rows of each file, as many as promises.
const ROWS: u32 = 100_000;

/// A kind of file: its header and one row.
struct Kind {
    figure: &'static str,
    name: &'static str,
    header: &'static str,
    row: fn(&mut String, u32),
    footer: &'static str,
}

const KINDS: [Kind; 13] = [
    Kind {
        figure: "import_etsy_100k",
        name: "etsy.csv",
        header: "Sale Date,Item Name,Buyer,Quantity,Price,Item Total,Currency,Transaction ID,Date Paid,Date Shipped,\
                 Ship Name,Ship Address1,Ship City,Ship State,Ship Zipcode,Ship Country,Order ID,Variations\n",
        row: |text, n| {
            let _ = writeln!(
                text,
                "09/{:02}/25,Stoneware bowl,Customer {} (c{n}),1,36.00,36.00,USD,{n},09/{:02}/2025,09/28/2025,\
                 Customer,1 Elm St,Portland,OR,{:05},United States,{n},Size:Small",
                13 + n % 15,
                n / 3,
                13 + n % 15,
                n / 3 % 90_000
            );
        },
        footer: "",
    },
    Kind {
        figure: "import_ebay_100k",
        name: "ebay.csv",
        header: "\nSales Record Number,Order Number,Buyer Name,Buyer Email,Item Title,Quantity,Sold For,Total Price,\
                 Sale Date,Paid On Date,Ship By Date,Shipped On Date,Transaction ID\n",
        row: |text, n| {
            let _ = writeln!(
                text,
                "{n},11-{n:05}-1,Customer {0},c{0}@example.com,Oak sign,1,$36.00,$40.00,Sep-{1:02}-25,Sep-{1:02}-25,\
                 Sep-30-25,Sep-29-25,T{n}",
                n / 3,
                1 + n % 28
            );
        },
        footer: "1,record(s) downloaded\n",
    },
    Kind {
        figure: "import_amazon_100k",
        name: "amazon.txt",
        header: "order-id\torder-item-id\tpurchase-date\tpayments-date\tpromise-date\tbuyer-email\tbuyer-name\tsku\t\
                 product-name\tquantity-purchased\tquantity-shipped\tcurrency\titem-price\n",
        row: |text, n| {
            let _ = writeln!(
                text,
                "111-{n}\t{n}\t2025-09-{0:02}T18:02:11-08:00\t2025-09-{0:02}T18:02:11-08:00\t2025-09-30T14:30:00-08:00\t\
                 c{1}@example.com\tCustomer {1}\tS\tLayer cake\t1\t1\tUSD\t64.00",
                1 + n % 28,
                n / 3
            );
        },
        footer: "",
    },
    Kind {
        figure: "import_woocommerce_100k",
        name: "woocommerce.csv",
        header: "order_id,order_number,order_date,paid_date,status,order_total,order_currency,billing_email,\
                 billing_first_name,billing_last_name,line_item_1\n",
        row: |text, n| {
            let _ = writeln!(
                text,
                "{n},{n},2025-09-{0:02} 10:15:00,2025-09-{0:02} 10:16:00,completed,64.00,EUR,c{1}@example.com,Customer,\
                 {1},name:Roggenbrot|sku:RB|quantity:2|total:64.00",
                1 + n % 28,
                n / 3
            );
        },
        footer: "",
    },
    Kind {
        figure: "import_square_100k",
        name: "square.csv",
        header: "Date,Time,Time Zone,Item,Qty,Net Sales,Tax,Transaction ID,Event Type,Customer Name\n",
        row: |text, n| {
            let _ = writeln!(
                text,
                "2025-09-{:02},14:30:00,Eastern Time (US & Canada),Loaf,1.0,$9.50,$0.00,T{n},Payment,Customer {}",
                1 + n % 28,
                n / 3
            );
        },
        footer: "",
    },
    Kind {
        figure: "import_stripe_100k",
        name: "stripe.csv",
        header: "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Customer Email,Card Name\n",
        row: |text, n| {
            let _ = writeln!(
                text,
                "ch_{n},2025-09-{:02} 14:30:00,64.00,0.00,usd,true,Paid,c{1}@example.com,Customer {1}",
                1 + n % 28,
                n / 3
            );
        },
        footer: "",
    },
    Kind {
        figure: "import_quickbooks_100k",
        name: "quickbooks.csv",
        header: "*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Item(Product/Service),ItemQuantity,*ItemAmount\n",
        row: |text, n| {
            let _ =
                writeln!(text, "{n},Customer {},09/{:02}/2025,12/13/2025,Poster,4,50.00", n / 3, 13 + n % 15);
        },
        footer: "",
    },
    Kind {
        figure: "import_trello_100k",
        name: "trello.csv",
        header: "Card ID,Card Name,Card URL,Due Date,Last Activity Date,List Name,Archived,Due Complete\n",
        row: |text, n| {
            let _ = writeln!(
                text,
                "6560a1c0aabbccdd{n:08x},12 cupcakes,https://trello.com/c/{n:08x}/1,2025-09-{:02}T17:00:00.000Z,\
                 2025-09-28T18:00:00.000Z,Done,false,true",
                1 + n % 28
            );
        },
        footer: "",
    },
    Kind {
        figure: "import_trello_json_100k",
        name: "trello.json",
        header: "{\"shortUrl\":\"https://trello.com/b/x\",\"lists\":[{\"id\":\"l\",\"name\":\"Done\"}],\"cards\":[\n",
        row: |text, n| {
            let comma = if n == 0 { "" } else { "," };
            let _ = writeln!(
                text,
                "{comma}{{\"id\":\"6560a1c0aabbccdd{n:08x}\",\"shortLink\":\"{n:08x}\",\"name\":\"12 cupcakes\",\
                 \"due\":\"2025-09-{:02}T17:00:00.000Z\",\"dueComplete\":true,\"idList\":\"l\"}}",
                1 + n % 28
            );
        },
        footer: "]}\n",
    },
    Kind {
        figure: "import_todoist_100k",
        name: "todoist.csv",
        header: "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n",
        row: |text, n| {
            let _ = writeln!(text, "task,Cake number {n},,4,1,,,2027-09-{:02},en,UTC", 1 + n % 28);
        },
        footer: "",
    },
    Kind {
        figure: "import_vcard_100k",
        name: "contacts.vcf",
        header: "",
        row: |text, n| {
            let _ = write!(
                text,
                "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Customer {n}\r\nEMAIL:c{n}@example.com\r\nTEL:+1 555 {n}\r\nEND:VCARD\r\n"
            );
        },
        footer: "",
    },
    Kind {
        figure: "import_calendar_100k",
        name: "calendar.ics",
        header: "BEGIN:VCALENDAR\r\n",
        row: |text, n| {
            let _ = write!(
                text,
                "BEGIN:VTODO\r\nUID:{n}@example.com\r\nSUMMARY:12 cupcakes\r\nDUE;VALUE=DATE:202509{:02}\r\n\
                 STATUS:COMPLETED\r\nCOMPLETED:20250928T150000Z\r\nCONTACT:Customer {}\r\nEND:VTODO\r\n",
                1 + n % 28,
                n / 3
            );
        },
        footer: "END:VCALENDAR\r\n",
    },
    Kind {
        figure: "import_table_100k",
        name: "table.csv",
        header: "Order,Client,Item,Qty,Pick up,Total,Paid,Status\n",
        row: |text, n| {
            let _ =
                writeln!(text, "{n},Customer {},Cake,1,2025-09-{:02},64.00,yes,delivered", n / 3, 1 + n % 28);
        },
        footer: "",
    },
];

/// Whether a figure is one of these.
pub(crate) fn is_kind(name: &str) -> bool {
    KINDS.iter().any(|kind| kind.figure.starts_with(name))
}

/// Each kind against Shopify's; only those whose figures begin so, if any does.
pub(crate) async fn kinds(folder: &Path, only: Option<&str>) -> Outcome<Vec<Figure>> {
    let only = only.filter(|only| is_kind(only));
    let shopify = import(&fresh(&folder.join("import-100k"))?, ROWS).await?;
    let mut figures = Vec::new();
    for kind in KINDS.iter().filter(|kind| only.is_none_or(|only| kind.figure.starts_with(only))) {
        let took = one(&folder.join("import-kind"), kind).await?;
        figures.push(Figure {
            name: kind.figure,
            value: took.as_secs_f64(),
            unit: "s",
            reference: shopify.as_secs_f64(),
            aim: 1.5,
        });
    }
    Ok(figures)
}

async fn one(folder: &Path, kind: &Kind) -> Outcome<Duration> {
    let data = fresh(folder)?;
    let file = folder.with_file_name(kind.name);
    let mut out = BufWriter::new(File::create(&file)?);
    out.write_all(kind.header.as_bytes())?;
    let mut text = String::new();
    for n in 0..ROWS {
        text.clear();
        (kind.row)(&mut text, n);
        out.write_all(text.as_bytes())?;
    }
    out.write_all(kind.footer.as_bytes())?;
    out.flush()?;
    let kept = open(&data).await?;
    let start = Instant::now();
    bring_in(&kept, &file).await?;
    let took = start.elapsed();
    kept.close().await?;
    std::fs::remove_file(file)?;
    Ok(took)
}

/// What an import of 200 MB adds to the memory at its highest, against 300 MB.
pub(crate) async fn memory(folder: &Path) -> Outcome<Vec<Figure>> {
    let data = fresh(&folder.join("import-memory"))?;
    let file = data.with_extension("csv");
    let mut out = BufWriter::new(File::create(&file)?);
    writeln!(
        out,
        "Name,Email,Created at,Lineitem quantity,Lineitem name,Notes,Billing Name,Financial Status,Fulfillment Status,Total"
    )?;
    let note = "Please ring twice and leave it with the neighbour. ".repeat(8);
    let (mut written, mut order) = (0, 0_u32);
    while written < 200 << 20 {
        let row = format!(
            "#{order},c{0}@example.com,2025-09-01 09:00:00 +0000,1,Celebration cake,{note},Customer {0},paid,fulfilled,90.00\n",
            order / 3
        );
        out.write_all(row.as_bytes())?;
        written += row.len();
        order += 1;
    }
    out.flush()?;
    let kept = open(&data).await?;
    let Some(idle) = highest() else { return Ok(Vec::new()) };
    // From here on the highest is counted anew.
    std::fs::write("/proc/self/clear_refs", "5")?;
    bring_in(&kept, &file).await?;
    let peak = highest().unwrap_or_default();
    kept.close().await?;
    std::fs::remove_file(file)?;
    Ok(vec![Figure { name: "import_memory", value: peak - idle, unit: "MiB", reference: 300.0, aim: 1.0 }])
}

/// The most memory that this program has held, in MiB; none where the system does not say.
fn highest() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()? / 1024.0)
}
