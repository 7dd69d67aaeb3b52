import Encodings
import Foundation

/// Where the vectors of Project Wycheproof (C2SP/wycheproof, Apache-2.0) lie: the folder that COUNTERSIGN_VECTORS
/// names, or `shared/vectors` beside the repository.
public enum Wycheproof {
    public static let absent = "no Wycheproof vectors: set COUNTERSIGN_VECTORS to a folder that holds them"

    static var folder: URL? {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let beside = root.deletingLastPathComponent().appending(path: "shared/vectors")
        let folder = ProcessInfo.processInfo.environment["COUNTERSIGN_VECTORS"].map { URL(filePath: $0) } ?? beside
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }

    public static var isPresent: Bool { folder != nil }

    public static func file<Group: Decodable>(
        _ name: String, of group: Group.Type
    ) throws -> WycheproofFile<Group> {
        guard let folder else { throw CocoaError(.fileNoSuchFile) }
        return try JSONDecoder().decode(
            WycheproofFile<Group>.self, from: Data(contentsOf: folder.appending(path: name)))
    }
}

public struct WycheproofFile<Group: Decodable>: Decodable {
    public let numberOfTests: Int
    public let testGroups: [Group]
}

/// One vector. `acceptable` means that the standard leaves it open; here everything but `valid` must be refused.
public struct WycheproofTest: Decodable {
    public let tcId: Int
    public let result: String
    public let jws: String?
    private let msg: String?
    private let sig: String?
    public var isValid: Bool { result == "valid" }
    /// The signed bytes of an ECDSA or RSA vector.
    public var message: [UInt8]? { msg.flatMap { Hexadecimal.decode($0) } }
    public var signature: [UInt8]? { sig.flatMap { Hexadecimal.decode($0) } }
}

/// The vectors of one public key of a curve.
public struct WycheproofCurveGroup: Decodable {
    public struct Point: Decodable { public let uncompressed: String }
    public let publicKey: Point
    public let tests: [WycheproofTest]
    public var point: [UInt8]? { Hexadecimal.decode(publicKey.uncompressed) }
}

/// How many vectors were run, how many accepted, and which came out wrong.
public struct WycheproofOutcome {
    public private(set) var run = 0
    public private(set) var accepted = 0
    /// The numbers of the vectors.
    public private(set) var wrong: [Int] = []

    public init() {}

    public mutating func note(_ test: WycheproofTest, accepted isAccepted: Bool, expected: Bool) {
        run += 1
        accepted += isAccepted ? 1 : 0
        if isAccepted != expected { wrong.append(test.tcId) }
    }
}

/// Any JSON, kept so that a key can be handed on as the text that it was.
public struct AnyJSON: Decodable {
    public let text: [UInt8]

    public init(from decoder: any Decoder) throws {
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
