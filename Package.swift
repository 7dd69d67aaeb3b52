// swift-tools-version: 6.2
import PackageDescription

// Where GitHub cannot be reached, SWIFTCI_USE_LOCAL_DEPS names the folder with the unpacked packages
// (scripts/swift-packages.sh); their own manifests follow the same switch.
let localPackages = Context.environment["SWIFTCI_USE_LOCAL_DEPS"]

func dependency(_ name: String, _ version: Version) -> Package.Dependency {
    if let localPackages { return .package(path: "\(localPackages)/\(name)") }
    return .package(url: "https://github.com/apple/\(name).git", exact: version)
}

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
let strictC: [CSetting] = [.treatAllWarnings(as: .error)]
let strictCXX: [CXXSetting] = [.treatAllWarnings(as: .error)]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1", "NIOWebSocket"].map {
    .product(name: $0, package: "swift-nio")
}

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func systemLibrary(_ name: String, _ pkgConfig: String, _ package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

// The entries of Fuzzing/ see what is internal. So they are a test, which runs each entry with its corpus, or in a build that
// asks for it (scripts/fuzz.sh) a program around libFuzzer.
let fuzzed: [Target.Dependency] =
    [
        "API", "AuditLog", "Configuration", "Enclave", "EnclaveLink", "Encodings", "Fixtures", "HTTPServer", "JOSE",
        "Messages", "Passcodes", "Permissions", "Policies", "SealedPasscodes", "TransparencyLog", "Workspaces",
        crypto, logging, .product(name: "NIOEmbedded", package: "swift-nio"),
    ] + nio
let fuzzing: [Target] =
    Context.environment["COUNTERSIGN_FUZZING"] == nil
    ? [
        .testTarget(
            name: "FuzzingTests", dependencies: fuzzed, path: "Fuzzing", exclude: ["Corpus", "Driver"],
            sources: ["Entries", "Replay"], swiftSettings: strict)
    ]
    : [
        .executableTarget(
            name: "countersign-fuzz", dependencies: fuzzed, path: "Fuzzing",
            exclude: ["Corpus", "Replay"], sources: ["Entries", "Driver"],
            // `main` is libFuzzer's.
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
    ]

let package = Package(
    name: "countersign",
    // For the client: HPKE of CryptoKit. The server is for Linux.
    platforms: [.macOS(.v14), .iOS(.v17), .tvOS(.v17), .watchOS(.v10), .visionOS(.v1)],
    products: [
        .library(name: "CountersignClient", targets: ["CountersignClient"]),
        .executable(name: "countersign", targets: ["countersign"]),
        .executable(name: "countersign-enclave", targets: ["countersign-enclave"]),
    ],
    dependencies: [
        dependency("swift-nio", "2.65.0"),
        dependency("swift-crypto", "3.0.0"),
        dependency("swift-log", "1.5.4"),
        dependency("swift-argument-parser", "1.4.0"),
    ],
    targets: [
        // System libraries, as thin as they can be.
        systemLibrary("CSQLite", "sqlite3", "libsqlite3-dev"),
        systemLibrary("COpenSSL", "libcrypto", "libssl-dev"),
        systemLibrary("COpenSSLTLS", "libssl", "libssl-dev"),
        systemLibrary("CSeccomp", "libseccomp", "libseccomp-dev"),
        systemLibrary("CYAML", "yaml-0.1", "libyaml-dev"),
        systemLibrary("CP11Kit", "p11-kit-1", "libp11-kit-dev"),
        systemLibrary("CCurlLibrary", "libcurl", "libcurl4-openssl-dev"),
        .target(
            name: "CCurl", dependencies: ["CCurlLibrary"], cSettings: strictC,
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(
            name: "CPhoneNumber", cxxSettings: strictCXX,
            linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("stdc++")]),
        .target(
            name: "CRE2", cxxSettings: strictCXX,
            linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),
        .target(name: "CLinux", cSettings: strictC),

        // Rooms that know no domain word.
        room("Encodings", []),
        room("Figures", []),
        room("Activation", []),
        room("Configuration", ["CYAML"]),
        room("JOSE", ["Encodings", crypto, .product(name: "_CryptoExtras", package: "swift-crypto")]),
        room("TransparencyLog", ["Encodings", crypto]),
        room("FraudGuard", []),
        room("Messages", ["Encodings", "JOSE"]),
        room("SealedPasscodes", ["Encodings", "JOSE", crypto]),
        room("Threads", ["CLinux"]),
        room("Storage", ["CSQLite", "Figures", "Threads"]),
        room("HTTPServer", nio + [logging, crypto, "Encodings", "Figures", "CLinux", "COpenSSLTLS"]),
        room(
            "EnclaveLink",
            [
                "Activation", "Encodings", "Figures", "SealedPasscodes", "TransparencyLog", "Messages", "CLinux",
                "Threads",
                logging,
            ]),

        // The Swift SDK: of the rooms only those that depend on swift-crypto alone.
        room("CountersignClient", ["Encodings", "JOSE", "SealedPasscodes", crypto]),

        // All that may see a secret.
        room(
            "Enclave",
            [
                "EnclaveLink", "Activation", "Threads", "Configuration", "Encodings", "JOSE", "Messages",
                "SealedPasscodes", "TransparencyLog", "CLinux", "COpenSSL", "CSeccomp", "CCurl", "CP11Kit", crypto,
            ]),

        // The domain.
        room("Policies", ["Configuration", "Encodings", "JOSE", "CRE2"]),
        .target(
            name: "Schema", dependencies: ["Storage"],
            resources: [.embedInCode("Migrations")], swiftSettings: strict),
        room("AuditLog", ["TransparencyLog", "Storage", "Encodings", "JOSE", crypto]),
        room(
            "Workspaces",
            ["Storage", "AuditLog", "EnclaveLink", "Encodings", "SealedPasscodes", "CPhoneNumber", crypto]),
        room(
            "Passcodes",
            [
                "Storage", "AuditLog", "Workspaces", "EnclaveLink", "Encodings", "JOSE", "Messages", "SealedPasscodes",
                "FraudGuard", "CPhoneNumber", crypto,
            ]),
        room("Webhooks", ["Storage", "AuditLog", "Workspaces", "EnclaveLink", "Encodings"]),

        room(
            "Permissions",
            [
                "Policies", "Storage", "AuditLog", "Workspaces", "EnclaveLink", "SealedPasscodes", "JOSE", "Encodings",
                crypto,
            ]),

        // The edge.
        room(
            "API",
            [
                "Passcodes", "Permissions", "Policies", "Webhooks", "Workspaces", "AuditLog", "Messages",
                "TransparencyLog", "FraudGuard", "Storage",
                "HTTPServer", "EnclaveLink", "Configuration", "Encodings", "Figures", "JOSE", "SealedPasscodes", crypto,
                logging,
            ]),
        .executableTarget(
            name: "countersign",
            dependencies: [
                "API", "Schema", "FraudGuard", "Webhooks", "Policies", "AuditLog", "TransparencyLog", "Encodings",
                "JOSE",
                "Configuration", "Activation", "CLinux", crypto, arguments, logging,
            ] + nio, swiftSettings: strict),
        .executableTarget(name: "countersign-enclave", dependencies: ["Enclave", arguments], swiftSettings: strict),
        .executableTarget(
            name: "countersign-client-example", dependencies: ["CountersignClient"], path: "examples/client",
            swiftSettings: strict),
        .executableTarget(
            name: "countersign-bench",
            dependencies: [
                "HTTPServer", "Storage", "Schema", "Encodings", "JOSE", "SealedPasscodes", "Policies", "AuditLog",
                "TransparencyLog", "FraudGuard", "EnclaveLink", "COpenSSLTLS", crypto, arguments, logging,
            ] + nio, swiftSettings: strict),

        tests("ConfigurationTests", ["Configuration"]),
        tests("ActivationTests", ["Activation"]),
        tests("EncodingsTests", ["Encodings", "JOSE"]),
        tests("JOSETests", ["JOSE", "COpenSSL", "Vectors"]),
        tests("MessagesTests", ["Messages"]),
        tests("TransparencyLogTests", ["TransparencyLog", "Encodings", crypto]),
        tests("SealedPasscodesTests", ["SealedPasscodes", "Encodings", "JOSE", "Vectors", crypto]),
        .target(name: "Vectors", dependencies: ["Encodings"], path: "Tests/Vectors", swiftSettings: strict),
        tests(
            "CountersignClientTests",
            ["CountersignClient", "SealedPasscodes", "JOSE", "Encodings", "HTTPServer", crypto, logging] + nio),
        tests("FraudGuardTests", ["FraudGuard"]),
        tests("CRE2Tests", ["CRE2"]),
        tests("PoliciesTests", ["Policies", "JOSE"]),
        tests("StorageTests", ["Storage", "Threads"]),
        tests("HTTPServerTests", ["HTTPServer", "COpenSSLTLS", .product(name: "NIOEmbedded", package: "swift-nio")]),
        tests("EnclaveLinkTests", ["EnclaveLink", "TransparencyLog"]),
        tests(
            "EnclaveTests",
            [
                "Enclave", "JOSE", "Messages", "SealedPasscodes", "TransparencyLog", "Encodings", "Threads", "Fixtures",
                "CP11Kit", crypto,
            ]),
        tests("CPhoneNumberTests", ["CPhoneNumber"]),
        .target(
            name: "Fixtures",
            dependencies: [
                "Passcodes", "Permissions", "Policies", "Webhooks", "Workspaces", "Enclave", "Schema", "JOSE",
                "SealedPasscodes", crypto,
            ],
            path: "Tests/Fixtures", swiftSettings: strict),
        tests(
            "AuditLogTests",
            ["AuditLog", "TransparencyLog", "Schema", "Storage", "JOSE", "CSQLite", "Fixtures", crypto]),
        tests("WorkspacesTests", ["Workspaces", "SealedPasscodes", "AuditLog", "Encodings", "Fixtures", crypto]),
        tests("WebhooksTests", ["Webhooks", "Workspaces", "EnclaveLink", "Storage", "Fixtures", crypto]),
        tests(
            "PasscodesTests",
            [
                "Passcodes", "FraudGuard", "AuditLog", "JOSE", "SealedPasscodes", "Schema", "Storage", "Enclave",
                "Fixtures", crypto,
            ]),
        tests(
            "PermissionsTests",
            [
                "Permissions", "Policies", "Workspaces", "AuditLog", "Storage", "Schema", "JOSE", "EnclaveLink",
                "Encodings", "Fixtures", crypto,
            ]),
        tests(
            "CommandTests",
            [
                "countersign", "API", "Configuration", "Policies", "Encodings", "JOSE", "Threads", crypto, arguments,
                logging, .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
        tests(
            "APITests",
            [
                "API", "Configuration", "HTTPServer", "Fixtures", "Encodings", "JOSE", "SealedPasscodes", crypto,
                .product(name: "_CryptoExtras", package: "swift-crypto"),
            ]),
    ] + fuzzing,
    swiftLanguageModes: [.v6]
)
