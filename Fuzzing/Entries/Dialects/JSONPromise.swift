import JOSE

enum JSONPromise {
    static func check(_ body: [UInt8]) throws {
        let value = try? JSONValue(parsing: body, within: .init(length: 16 * 1024 * 1024, depth: 64))
        try promise(value != nil, "no JSON: \(String(decoding: body.prefix(500), as: UTF8.self))")
    }
}
