import Storage

/// The product's tables, as numbered migrations. To change a table, add a file with the next number to `Migrations/`
/// and name it here; a file that was released never changes.
public enum Schema {
    public static let migrations: [Migration] = [
        Migration(
            number: 1, name: "foundation",
            sql: String(decoding: PackageResources._001_foundation_sql, as: UTF8.self)),
        Migration(
            number: 2, name: "sealed challenges",
            sql: String(decoding: PackageResources._002_sealed_challenges_sql, as: UTF8.self)),
        Migration(
            number: 3, name: "users and sessions",
            sql: String(decoding: PackageResources._003_users_and_sessions_sql, as: UTF8.self)),
        Migration(
            number: 4, name: "permissions",
            sql: String(decoding: PackageResources._004_permissions_sql, as: UTF8.self)),
        Migration(
            number: 5, name: "webhooks",
            sql: String(decoding: PackageResources._005_webhooks_sql, as: UTF8.self)),
        Migration(
            number: 6, name: "approval page",
            sql: String(decoding: PackageResources._006_approval_page_sql, as: UTF8.self)),
        Migration(
            number: 7, name: "permission rates",
            sql: String(decoding: PackageResources._007_permission_rates_sql, as: UTF8.self)),
        Migration(
            number: 8, name: "audit log",
            sql: String(decoding: PackageResources._008_audit_log_sql, as: UTF8.self)),
        Migration(
            number: 9, name: "audit retention",
            sql: String(decoding: PackageResources._009_audit_retention_sql, as: UTF8.self)),
        Migration(
            number: 10, name: "witnesses",
            sql: String(decoding: PackageResources._010_witnesses_sql, as: UTF8.self)),
        Migration(
            number: 11, name: "deliveries",
            sql: String(decoding: PackageResources._011_deliveries_sql, as: UTF8.self)),
        Migration(
            number: 12, name: "templates",
            sql: String(decoding: PackageResources._012_templates_sql, as: UTF8.self)),
        Migration(
            number: 13, name: "senders",
            sql: String(decoding: PackageResources._013_senders_sql, as: UTF8.self)),
        Migration(
            number: 14, name: "statistics",
            sql: String(decoding: PackageResources._014_statistics_sql, as: UTF8.self)),
        Migration(
            number: 15, name: "guard",
            sql: String(decoding: PackageResources._015_guard_sql, as: UTF8.self)),
        Migration(
            number: 16, name: "send requests",
            sql: String(decoding: PackageResources._016_send_requests_sql, as: UTF8.self)),
        Migration(
            number: 17, name: "key limits",
            sql: String(decoding: PackageResources._017_key_limits_sql, as: UTF8.self)),
    ]
}
