//! Files of every kind, made up: one line of this table is what the figure of a kind reads.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// A kind of file. What stands in braces in its row is another thing in each one, see [`Kind::row`].
pub(crate) struct Kind {
    pub figure: &'static str,
    /// How its name ends.
    pub end: &'static str,
    header: &'static str,
    row: &'static str,
    footer: &'static str,
}

const fn kind(figure: &'static str, end: &'static str, header: &'static str, row: &'static str) -> Kind {
    Kind { figure, end, header, row, footer: "" }
}

/// All of them beside Shopify's, against which they are measured.
pub(crate) const KINDS: [Kind; 13] = [
    kind(
        "import_etsy_100k",
        "csv",
        "Sale Date,Item Name,Buyer,Quantity,Price,Item Total,Currency,Transaction ID,Date Paid,Date Shipped,Ship Name,\
         Ship Address1,Ship City,Ship State,Ship Zipcode,Ship Country,Order ID,Variations\n",
        "09/{late}/25,Stoneware bowl,Customer {who} (c{n}),1,36.00,36.00,USD,{n},09/{late}/2025,09/28/2025,Customer,\
         1 Elm St,Portland,OR,{zip},United States,{n},Size:Small\n",
    ),
    Kind {
        footer: "1,record(s) downloaded\n",
        ..kind(
            "import_ebay_100k",
            "csv",
            "\nSales Record Number,Order Number,Buyer Name,Buyer Email,Item Title,Quantity,Sold For,Total Price,Sale Date,\
             Paid On Date,Ship By Date,Shipped On Date,Transaction ID\n",
            "{n},11-{n}-1,Customer {who},c{who}@example.com,Oak sign,1,$36.00,$40.00,Sep-{day}-25,Sep-{day}-25,Sep-30-25,\
             Sep-29-25,T{n}\n",
        )
    },
    kind(
        "import_amazon_100k",
        "txt",
        "order-id\torder-item-id\tpurchase-date\tpayments-date\tpromise-date\tbuyer-email\tbuyer-name\tsku\t\
         product-name\tquantity-purchased\tquantity-shipped\tcurrency\titem-price\n",
        "111-{n}\t{n}\t2025-09-{day}T18:02:11-08:00\t2025-09-{day}T18:02:11-08:00\t2025-09-30T14:30:00-08:00\t\
         c{who}@example.com\tCustomer {who}\tS\tLayer cake\t1\t1\tUSD\t64.00\n",
    ),
    kind(
        "import_woocommerce_100k",
        "csv",
        "order_id,order_number,order_date,paid_date,status,order_total,order_currency,billing_email,billing_first_name,\
         billing_last_name,line_item_1\n",
        "{n},{n},2025-09-{day} 10:15:00,2025-09-{day} 10:16:00,completed,64.00,EUR,c{who}@example.com,Customer,{who},\
         name:Roggenbrot|sku:RB|quantity:2|total:64.00\n",
    ),
    kind(
        "import_square_100k",
        "csv",
        "Date,Time,Time Zone,Item,Qty,Net Sales,Tax,Transaction ID,Event Type,Customer Name\n",
        "2025-09-{day},14:30:00,Eastern Time (US & Canada),Loaf,1.0,$9.50,$0.00,T{n},Payment,Customer {who}\n",
    ),
    kind(
        "import_stripe_100k",
        "csv",
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Customer Email,Card Name\n",
        "ch_{n},2025-09-{day} 14:30:00,64.00,0.00,usd,true,Paid,c{who}@example.com,Customer {who}\n",
    ),
    kind(
        "import_quickbooks_100k",
        "csv",
        "*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Item(Product/Service),ItemQuantity,*ItemAmount\n",
        "{n},Customer {who},09/{late}/2025,12/13/2025,Poster,4,50.00\n",
    ),
    kind(
        "import_trello_100k",
        "csv",
        "Card ID,Card Name,Card URL,Due Date,Last Activity Date,List Name,Archived,Due Complete\n",
        "6560a1c0aabbccdd{hex},12 cupcakes,https://trello.com/c/{hex}/1,2025-09-{day}T17:00:00.000Z,\
         2025-09-28T18:00:00.000Z,Done,false,true\n",
    ),
    Kind {
        footer: "]}\n",
        ..kind(
            "import_trello_json_100k",
            "json",
            "{\"shortUrl\":\"https://trello.com/b/x\",\"lists\":[{\"id\":\"l\",\"name\":\"Done\"}],\"cards\":[{\"closed\":true}\n",
            ",{\"id\":\"6560a1c0aabbccdd{hex}\",\"shortLink\":\"{hex}\",\"name\":\"12 cupcakes\",\
             \"due\":\"2025-09-{day}T17:00:00.000Z\",\"dueComplete\":true,\"idList\":\"l\"}\n",
        )
    },
    kind(
        "import_todoist_100k",
        "csv",
        "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n",
        "task,Cake number {n},,4,1,,,2027-09-{day},en,UTC\n",
    ),
    kind(
        "import_vcard_100k",
        "vcf",
        "",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Customer {n}\r\nEMAIL:c{n}@example.com\r\nTEL:+1 555 {n}\r\nEND:VCARD\r\n",
    ),
    Kind {
        footer: "END:VCALENDAR\r\n",
        ..kind(
            "import_calendar_100k",
            "ics",
            "BEGIN:VCALENDAR\r\n",
            "BEGIN:VTODO\r\nUID:{n}@example.com\r\nSUMMARY:12 cupcakes\r\nDUE;VALUE=DATE:202509{day}\r\n\
             STATUS:COMPLETED\r\nCOMPLETED:20250928T150000Z\r\nCONTACT:Customer {who}\r\nEND:VTODO\r\n",
        )
    },
    kind(
        "import_table_100k",
        "csv",
        "Order,Client,Item,Qty,Pick up,Total,Paid,Status\n",
        "{n},Customer {who},Cake,1,2025-09-{day},64.00,yes,delivered\n",
    ),
];

impl Kind {
    /// Writes a file of so many rows.
    pub(crate) fn write(&self, path: &Path, rows: u32) -> io::Result<()> {
        let mut out = BufWriter::new(File::create(path)?);
        out.write_all(self.header.as_bytes())?;
        for n in 0..rows {
            out.write_all(self.row(n).as_bytes())?;
        }
        out.write_all(self.footer.as_bytes())?;
        out.flush()
    }

    fn row(&self, n: u32) -> String {
        self.row
            .replace("{n}", &n.to_string())
            // Three orders of each customer.
            .replace("{who}", &(n / 3).to_string())
            .replace("{zip}", &format!("{:05}", n / 3 % 90_000))
            .replace("{day}", &format!("{:02}", 1 + n % 28))
            // A day that can be no month.
            .replace("{late}", &(13 + n % 15).to_string())
            .replace("{hex}", &format!("{n:08x}"))
    }
}
