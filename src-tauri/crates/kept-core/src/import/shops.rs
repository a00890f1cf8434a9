//! The names under which owners know where their promises come from.

/// The name of a source by what a promise remembers: `ebay` is eBay. One that is not known stands for itself.
pub fn shop_name(shop: &str) -> &str {
    match shop {
        "shopify" => "Shopify",
        "etsy" => "Etsy",
        "ebay" => "eBay",
        "amazon" => "Amazon",
        "woocommerce" => "WooCommerce",
        "square" => "Square",
        "stripe" => "Stripe",
        "quickbooks" => "QuickBooks",
        "trello" => "Trello",
        "todoist" => "Todoist",
        "vcard" => "Contacts",
        "calendar" => "Calendar",
        "table" => "Table",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::SOURCES;

    #[test]
    fn every_source_has_a_name() {
        for source in SOURCES {
            assert_ne!(shop_name(source.shop), source.shop, "{}", source.kind);
        }
    }
}
