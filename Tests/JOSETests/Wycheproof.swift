import Foundation
import Testing

/// Where the vectors of Project Wycheproof (C2SP/wycheproof, Apache-2.0) lie: the folder that COUNTERSIGN_VECTORS
/// names, or `shared/vectors` beside the repository.
enum Wycheproof {
    static let absent: Comment = "no Wycheproof vectors: set COUNTERSIGN_VECTORS to a folder that holds them"

    static var folder: URL? {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let beside = root.deletingLastPathComponent().appending(path: "shared/vectors")
        let folder = ProcessInfo.processInfo.environment["COUNTERSIGN_VECTORS"].map { URL(filePath: $0) } ?? beside
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }

    static var isPresent: Bool { folder != nil }

    static func file<Group: Decodable>(_ name: String, of group: Group.Type) throws -> WycheproofFile<Group> {
        let folder = try #require(folder)
        return try JSONDecoder().decode(
            WycheproofFile<Group>.self, from: Data(contentsOf: folder.appending(path: name)))
    }
}

struct WycheproofFile<Group: Decodable>: Decodable {
    let numberOfTests: Int
    let testGroups: [Group]
}

/// One vector. `acceptable` means that the standard leaves it open; here everything but `valid` must be refused.
struct WycheproofTest: Decodable {
    let tcId: Int
    let comment: String
    let result: String
    let jws: String?
    let msg: String?
    let sig: String?
    var isValid: Bool { result == "valid" }
}

/// Any JSON, kept so that a key can be handed on as the text that it was.
struct AnyJSON: Decodable {
    let text: [UInt8]

    init(from decoder: any Decoder) throws {
        text = try Array(JSONEncoder().encode(Node(from: decoder)))
    }

    private enum Node: Codable {
        case text(String)
        case list([Node])
        case object([String: Node])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([Node].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Node].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .list(let list): try container.encode(list)
            case .object(let object): try container.encode(object)
            }
        }
    }
}

/// The bytes of a text of hexadecimal digits, or nil where it is none.
func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
