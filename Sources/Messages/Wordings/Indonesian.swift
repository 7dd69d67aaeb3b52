extension Wording {
    static let indonesian = Wording(
        minutes: MinutePhrase(one: "# menit", many: "# menit"),
        short: [
            "{{code}} adalah kode {{app}} Anda, berlaku {{validity}}. Jangan berikan kepada siapa pun.",
            "{{code}} adalah kode {{app}} Anda, berlaku {{validity}}.",
            "{{code}} adalah kode {{app}} Anda.",
        ],
        voice: "Halo. Kode {{app}} Anda adalah: {{code}}.",
        voiceAgain: "Sekali lagi, kode Anda adalah: {{code}}. Jangan berikan kepada siapa pun. Sampai jumpa.",
        mail: MailWording(
            subject: "Kode {{app}} Anda", subjectWithCode: "{{code}} adalah kode {{app}} Anda",
            heading: "Kode {{app}} Anda:", link: "Atau buka tautan ini",
            advice: [
                "Kode berlaku {{validity}}. Jangan berikan kepada siapa pun.",
                "Jika Anda tidak meminta kode ini, abaikan pesan ini.",
            ]))
}
