/// One step of the schema. Its number is its place: 1, 2, 3 and so on, without gaps.
///
/// A migration that was released never changes; the database remembers a digest of its text and refuses to open
/// when the text is another one.
public struct Migration: Sendable {
    /// Its place in the order, from 1.
    public let number: Int
    /// What it does, in a few words, for people who read `schema_migration`.
    public let name: String
    /// One or more SQL statements, without BEGIN and COMMIT: each migration runs in a transaction of its own.
    public let sql: String

    public init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// FNV-1a, 64 bits, of the text, as 16 hexadecimal digits. It finds an edit made by mistake and is no security
    /// feature: whoever can forge it can also change the database.
    var digest: String {
        let hash = sql.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
