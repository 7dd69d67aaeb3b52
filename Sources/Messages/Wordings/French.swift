extension Wording {
    static let french = Wording(
        minutes: MinutePhrase(one: "# minute", many: "# minutes"),
        short: [
            "{{code}} est votre code {{app}}, valable {{validity}}. Ne le donnez à personne. Pas demandé ? Ignorez.",
            "{{code}} est votre code {{app}}, valable {{validity}}. Ne le donnez à personne.",
            "{{code}} est votre code {{app}}.",
        ],
        voice: "Bonjour. Votre code {{app}} est : {{code}}.",
        voiceAgain: "Je répète, votre code est : {{code}}. Ne le donnez à personne. Au revoir.",
        mail: MailWording(
            subject: "Votre code {{app}}", subjectWithCode: "{{code}} est votre code {{app}}",
            heading: "Votre code {{app}} :", link: "Ou ouvrez ce lien",
            advice: [
                "Il est valable {{validity}}. Ne le communiquez à personne.",
                "Si vous n’avez pas demandé ce code, vous pouvez ignorer ce message.",
            ]))
}
