/** How people say in one language that they want no more messages: plain words, see `plainClauses`. */
type Speech = {
  /** Words that say nothing by themselves around a command. */
  readonly fillers: string;
  /** A clause that is one of these, fillers aside, opts out. */
  readonly commands: string;
  /** Cut out before anything is looked for: they hold the words and mean something else. */
  readonly butNot: readonly RegExp[];
  /** Anywhere in the text. */
  readonly phrases: readonly RegExp[];
};

const MESSAGES = '(?:texts?|txts?|texting|txting|messages?|messaging|msgs?|sms|send(?:ing)?|spam(?:ming)?|contact(?:ing)?|bother(?:ing)?|harass(?:ing)?|calling|writing|notifications?|alerts?|offers?|ads?|invites?)';

const EN: Speech = {
  fillers: 'please pls plz plese now thanks thank you thx ok okay just hi hey hello yo dear sir immediately already bro man lol i want would like to right asap guys',
  commands:
    'stop|stopp|st0p|stpo|sotp|stop it|stop this|stop that|stop all|stop these|stop them|stop everything|stopall|stop me|full stop|unsubscribe|unsubscribe me|unsubscribe all|unsub|end|end all|end this|quit|quit it|cancel|cancel all|cancel this|cancel me|' +
    'revoke|revoke all|optout|opt out|opt me out|opting out|remove|remove me|remove this number|remove my number|delete me|no more|no thanks|no thank you|cease|desist|take me off|take me off your list|enough|leave me alone|go away|lose my number|off|out|discontinue',
  butNot: [
    /\b(?:dont|do not|didnt|did not|never|cant|cannot|can not|couldnt|wont|will not|wouldnt|doesnt|not) (?:ever )?(?:want (?:you |it |this |them |these )?to |wanna |wish to |going to |gonna )?(?:stop|quit|end|cancel|unsubscribe|opt ?out|revoke|remove me|delete me)\b/g,
    /\b(?:want|wants|need|like) (?:this|it|these|them|that) to (?:end|stop)\b/g,
    /\b(?:why|before|until|till|if|when|once) (?:they|he|she|we|it) stop\b/g,
    /\bstop (?:by|in|at(?! once)|over|and|to(?! (?:text|send|message|write|contact|spam|call|bother)(?: me| us| any| this| these| messages| sms|$))|sign|light|lights|motion|watch|loss|worrying|laughing|smiling|crying|kidding|joking|thinking|dreaming|playing|smoking|drinking|talking|believing|for (?:a|gas|coffee|lunch|dinner|food))\b/g,
    /\b(?:bus|tram|train|subway|metro|truck|rest|pit|next|last|first|one|a|the|non|door|quick|short|our|my|your|his|her) stop\b/g,
  ],
  phrases: [
    new RegExp(`\\b(?:stop|stopp|quit|cease)(?: \\w+){0,3} ${MESSAGES}\\b`),
    new RegExp(`\\b(?:end|cancel|discontinue)(?: (?:these|this|the|all|my|your|any|text|sms|receiving|getting))* (?:${MESSAGES}|subscription|membership|updates)\\b`),
    /\b(?:you|u|ya)(?: \w+){0,3} stop$/,
    /\b(?:said(?: to)?|make (?:it|this|these|them|that)) stop$/,
    /\bhow (?:do|can|to)(?: i| we)?(?: \w+)? (?:stop|cancel|end|leave) (?:this|these|it|them|that)\b/,
    /^stop\b(?! (?:the (?:car|bus|train|music|presses)|what))/,
    new RegExp(`(?<!\\b(?:you|he|she|they|i|we|who|people|why) )\\b(?:dont|do not|never) (?:you )?(?:dare )?(?:ever )?(?:to )?(?:text|txt|message|msg|contact|write|send|sms|spam|bother|call|ping)(?: to)? (?:me|us|here|any|anything|anymore|again|more|this number|my (?:number|phone))\\b`),
    /\b(?:dont|do not|never) (?:text|txt|message|msg|contact|sms|spam|bother)$/,
    /\bnot to (?:text|message|contact|write|send|bother|call)(?: to)? (?:me|us|any|anything|this number)\b/,
    /\b(?:unsubs?cribe|unsuscribe|unsubcribe|unsubscibe|unsubscribing|unsub|opt ?out|opting out|opted out|opt me out)\b/,
    /\b(?:remove|delete|erase|drop|scrub) (?:me|us|my (?:\w+ )?(?:number|phone|name|contact|info|information|data|details)|this (?:number|phone))\b/,
    /\btake (?:me|us|my (?:\w+ )?(?:number|phone|name)|this number) (?:off|out)\b/,
    /\b(?:leave (?:me|us) alone|go away|lose (?:my|this) number|(?:wrong|incorrect) (?:number|person)|not interested|no longer interested|no interest|fuck off|f off|piss off|get lost|bugger off|cease and desist)\b/,
    new RegExp(`(?:^no|\\bno more|\\bnot any more|^zero|\\benough(?: of)?)(?: \\w+){0,2} (?:texts?|txts?|messages?|msgs?|sms|spam|notifications?|alerts?|offers)(?: please| thanks| thank you)?$`),
    /\b(?:dont|do not|no longer|never) (?:want|wanna|wish|need|care|consent|agree)(?: to)? (?:any|anymore|these|this|your|more|it|them|be (?:texted|contacted|messaged|on|part|bothered)|get|receive|recieve|getting|receiving|hear|see|texts?|messages?|sms|for (?:this|these|your))\b/,
    /\b(?:revoke|withdraw|rescind)(?: \w+){0,2} (?:consent|permission)\b/,
  ],
};

const DE: Speech = {
  fillers: 'bitte danke jetzt sofort endlich ok hallo ich mochte will vielen dank sehr geehrte damen und herren mal doch',
  commands:
    'stopp|stop|halt|aufhoren|aufhoeren|hor auf|hoer auf|hort auf|horen sie auf|schluss|schluss damit|ende|beenden|abmelden|mich abmelden|abmeldung|abbestellen|austragen|kundigen|kuendigen|loschen|loeschen|keine sms|keine nachrichten|keine werbung|nicht mehr|genug|widerruf|nein danke|raus|storno|stornieren',
  butNot: [
    /\bnicht (?:mehr )?(?:auf(?:ho|hoe)ren|abmelden|abbestellen|austragen|kundigen|stoppen)\b/g,
    /\b(?:hor|hoer|hort|hoert) (?:bitte |bloss |ja )?(?:nicht|nie|niemals) auf\b/g,
    /\bhoren sie (?:bitte )?nicht auf\b/g,
    /\b(?:kann|konnte|kannst) (?:gar |einfach )?nicht auf(?:ho|hoe)ren\b/g,
    /\bauf(?:ho|hoe)ren (?:zu|mit) (?:lachen|rauchen|weinen|arbeiten|trinken)\b/g,
  ],
  phrases: [
    /\b(?:aufhoren|aufhoeren|hor auf|hoer auf|hort auf|horen sie (?:\w+ )?auf|unterlassen sie|unterlasst)\b/,
    /\bstopp?(?:t|en)?(?: sie)?(?: \w+){0,3} (?:sms|nachrichten?|werbung|spam|mitteilungen|einladungen|schreiben|senden)\b/,
    /\bkeine? (?:weiteren? |weitere )?(?:\w+ )?(?:sms|nachrichten?|werbung|mitteilungen|einladungen|textnachrichten|infos)(?: \w+)? mehr\b/,
    /\bkeine? weiteren? (?:sms|nachrichten?|werbung|mitteilungen|einladungen|textnachrichten|infos)\b/,
    /\bkeine? (?:sms|nachrichten?|werbung) (?:schicken|senden|schreiben|wollen|haben|erhalten|mehr)\b/,
    /\b(?:abmelden|abbestellen|austragen|abgemeldet werden|melden? sie mich ab|melde?t? mich (?:\w+ )?ab|abmeldung)\b/,
    /\b(?:losch(?:e|t|en)?|loesch(?:e|t|en)?|entfern(?:e|t|en)?|streich(?:e|t|en)?)(?: sie)?(?: bitte)? (?:mich|meine (?:\w+ )?(?:nummer|daten|handynummer|telefonnummer))\b/,
    /\bnicht (?:mehr|weiter|langer) (?:\w+ )?(?:schreiben|anschreiben|kontaktieren|senden|zusenden|schicken|texten|simsen|belastigen|kontaktiert|angeschrieben|anrufen|bekommen|erhalten|empfangen)\b/,
    /\b(?:schreib|schreibt|schick|schickt|sende|sendet|kontaktiert?|schreiben sie|schicken sie|senden sie|kontaktieren sie)(?: (?:mir|mich))? (?:\w+ )?(?:nicht|nichts|nie|keine)(?: \w+)? ?(?:mehr|wieder)?$/,
    /\b(?:lass|lasst|lassen sie) (?:mich|uns) (?:\w+ )?in (?:ruhe|frieden)\b/,
    /\b(?:kein interesse|nicht interessiert|falsche (?:nummer|person)|verpiss dich|verpisst euch|haut ab)\b/,
    /\bwiderruf(?:e|en)?\b/,
  ],
};

const ES: Speech = {
  fillers: 'por favor porfavor porfa gracias ya ahora hola ok quiero yo me buenas buenos dias tardes',
  commands:
    'alto|basta|basta ya|parar|pare|paren|para|detener|detente|detengan|baja|la baja|dar de baja|darme de baja|denme de baja|darse de baja|cancelar|cancela|cancele|cancelen|cancelar todo|cancelar suscripcion|salir|no mas|nomas|fin|terminar|eliminar|borrar|desuscribir|desuscribirme|desuscribirse|no gracias|suficiente',
  butNot: [
    /\bno (?:pares?|paren|pare|dejes?|dejen|deje|puedo parar|puedo dejar|cancel(?:ar|es?|en)|quiero (?:parar|cancelar|darme de baja|que (?:pare|paren|termine)))\b(?: de)?/g,
    /\bno mas que\b/g,
  ],
  phrases: [
    /\bno mas (?:\w+ )?(?:mensajes?|sms|textos?|publicidad|notificaciones|spam|invitaciones)\b/,
    /\b(?:ya )?no (?:quiero|deseo|necesito|queremos)(?: \w+){0,2} (?:mas|mensajes?|sms|textos?|notificaciones|publicidad|spam|esto|nada)\b/,
    /\b(?:ya )?no (?:me |nos )(?:mand(?:e|es|en)|envi(?:e|es|en)|escrib(?:a|as|an)|contact(?:e|es|en)|molest(?:e|es|en)|llam(?:e|es|en)|textee[ns]?)\b/,
    /\bno (?:mand(?:e|es|en)|envi(?:e|es|en)|escrib(?:a|as|an)|molest(?:e|es|en)|contactarme|enviarme|mandarme) ?(?:mas|me)?\b/,
    /\b(?:dej(?:e|a|en|ar|ad) de|par(?:a|e|en|ar) de|basta de|stop)(?: \w+){0,2} (?:enviar|mandar|escribir|molestar|contactar|recibir|enviarme|mandarme|escribirme|molestarme|contactarme|llamarme|joder|mensajes?|sms|textos?|publicidad|spam)\b/,
    /\b(?:dar(?:me|se|nos)?|den(?:me)?|de(?:me)?|dame|solicito|pido|quiero)(?: \w+)? (?:de )?baja\b/,
    /\b(?:desuscri\w+|cancel(?:ar|a|e|en|o)(?: \w+){0,2} (?:suscripcion|mensajes?|sms|alertas|notificaciones))\b/,
    /\b(?:elimin(?:a|e|en|ar|arme|enme|eme)|borr(?:a|e|en|ar|arme|enme|eme)|quit(?:a|e|en|ar|arme|enme|eme))(?: \w+)? (?:numero|telefono|datos|lista)\b/,
    /\b(?:eliminarme|elimineme|eliminenme|borrarme|borreme|borrenme|quitarme|quiteme|quitenme)\b/,
    /\b(?:no me interesa|no estoy interesad[oa]|dej(?:e|a|en)(?:me|nos) en paz|numero equivocado|persona equivocada|sin interes|revoco)\b/,
  ],
};

const FR: Speech = {
  fillers: 's il vous te plait svp stp merci maintenant bonjour salut ok je veux voudrais de suite tout immediatement',
  commands:
    'arret|arreter|arretez|arrete|arrette|arrettez|stop ca|stop pub|fin|finir|desabonner|me desabonner|desabonnement|desinscrire|me desinscrire|desinscription|annuler|annulez|annule|resilier|supprimer|retirer|retirez moi|retire moi|ca suffit|assez|non merci|plus jamais|plus rien|cesser|cessez',
  butNot: [
    /\b(?:n |ne )?(?:m |me |vous |nous |s |se )?(?:arret(?:e|es|ez|er|ons)|desabonn(?:e|ez|er)|desinscri\w*|resili\w+) (?:surtout )?(?:pas|jamais)\b/g,
    /\bne (?:pas|jamais|peux pas|veux pas)(?: me| m)? (?:arreter|desabonner|desinscrire|resilier)\b/g,
  ],
  phrases: [
    /\b(?:stop|arret(?:e|es|er|ez|ons)|cess(?:e|er|ez))(?: \w+){0,4} (?:envoyer|envoi|envois|ecrire|contacter|texter|messages?|sms|textos?|pub|publicites?|spam|spammer|harceler|deranger|relancer|invitations?)\b/,
    /\bn(?:e)?(?: m| me| nous)? (?:envoy\w+|envoie\w*|ecri\w+|contact\w+|text\w+|derang\w+|relanc\w+)(?: \w+){0,2} (?:plus|pas|rien)\b/,
    /\b(?:plus|pas) de (?:\w+ )?(?:messages?|sms|textos?|pub|publicites?|spam|notifications?|invitations?)\b/,
    /\bne (?:veux|souhaite|desire|voulons|souhaitons) (?:plus|pas)(?: \w+){0,2} (?:recevoir|messages?|sms|textos?|pub|publicites?|vos|etre|entendre|de)\b/,
    /\b(?:veux|voudrais|souhaite) plus (?:\w+ )?(?:recevoir|vos|de|entendre)\b/,
    /\b(?:desabonn(?:er|ez|e|ement)|desinscri(?:re|s|vez|ption|t))\b/,
    /\b(?:retir(?:er|ez|e)|supprim(?:er|ez|e)|enlev(?:er|ez|e)|effac(?:er|ez|e)) (?:moi|mon (?:\w+ )?(?:numero|nom|telephone)|mes (?:donnees|coordonnees|infos))\b/,
    /\b(?:laiss(?:ez|e) (?:moi|nous) tranquilles?|fout(?:ez|s) moi la paix|fich(?:ez|e) moi la paix|pas interessee?|(?:mauvais|faux) numero|mauvaise personne|revoque|retire mon consentement)\b/,
  ],
};

/** Every language of the shipped words (workflows/invite/copy); a person may answer in another than we wrote in. */
export const OPT_OUT_SPEECH: Readonly<Record<'en' | 'de' | 'es' | 'fr', Speech>> = { en: EN, de: DE, es: ES, fr: FR };
