extension Wording {
    static let japanese = Wording(
        minutes: MinutePhrase(one: "#分間", many: "#分間"),
        short: [
            "{{app}}の認証コードは {{code}} です（{{validity}}有効）。誰にも教えないでください。",
            "{{app}}の認証コード: {{code}} （他人に教えないでください）",
            "{{app}}の認証コード: {{code}}",
        ],
        voice: "こんにちは。{{app}}の認証コードは、 {{code}} です。",
        voiceAgain: "繰り返します。認証コードは、 {{code}} です。誰にも教えないでください。失礼いたします。",
        mail: MailWording(
            subject: "{{app}}の認証コード", subjectWithCode: "{{code}} は{{app}}の認証コードです",
            heading: "{{app}}の認証コード:", link: "または、このリンクを開いてください",
            advice: [
                "このコードは{{validity}}有効です。誰にも教えないでください。",
                "お心当たりがない場合は、このメッセージを無視してください。",
            ]))
}
