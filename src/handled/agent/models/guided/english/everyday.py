"""English: everyday words. One of them alone is no name, though as a family name many are somebody's.

Words that are first names as well (Mark, Rose, Grant) are left out.
"""

from __future__ import annotations

from .words import words

_EXCLAIMED = words("""
    hii heyy yess yesss noo okk okayy sure surely
    affirmative agreed alright alrighty anonymous aye brill cheers fab genau lovely mhm negative perfecto righto ta top
    ty thx tysm uhuh yah yea yeh yessir
    adios ah aha aloha argh aw aww bah bien bitte blah bleh bonjour boo bravo brb bro brr btw buddy bummer ciao
    claro crikey cripes dammit damn dang danke darn doh dokie drat dude duh eek eh er erm eww fantastic ffs gah gee
    geez gosh gotcha gracias ha hah haha hallo heh hehe hiya hm hmm hmmm hola hooray howdy huh hurrah hurray idc ikr
    imo jawohl jeepers jeez lmao lol mate meh merci mhm mm mmm nah namaste nein nooo noooo nope np nvm oh ok okey
    okie omg oof ooh oops ouch oui ow pal pff pfft phew phooey rats rofl salut sheesh shoot shucks sigh smh tbh thx
    tsk ty wdym lgtm fyi ugh uh uhh um umm vale wahoo whatever whee whew whoa whoops woah wow wtf yay
    yeesh yep yikes yippee yo yum yummy yup
""")
_JUDGED = words("""
    absolutely again ago almost already also always amazing anyway anywhere apart awesome awful bad barely basically
    beautiful best better big boring brave brilliant broken busy careful certainly charming cheap clean clear clever
    close cold completely complicated confusing cool correct crazy cute dangerous dark dear deep definitely
    delicious delightful different difficult directly dirty disappointed disappointing disgusting dreadful dry dull
    easily easy empty enough entirely especially even ever everybody everyone everywhere exactly excellent exciting
    expensive extremely fabulous fair fairly fake famous fancy far fast fat favorite favourite few finally fresh
    friendly full fully fun funny generally gentle gladly gorgeous greatest gross half hard harsh healthy heavy
    helpful hilarious holy honestly hopefully horrible hot however huge ideal immediately impossible impressive
    inconvenient incredible indeed instead interesting just kind lame large lazy less light likely literally long
    loose loud lousy low lucky main marvellous marvelous maybe medium mental messy mostly nasty natural naturally
    nearly neat necessary nervous never nevertheless nice nobody noisy normal normally nowhere obvious obviously
    occasionally odd official often once only open ordinary otherwise outrageous overall own partly perfectly
    perhaps personal plain pleasant polite poor popular possible possibly precisely presumably pretty previously
    primarily private probably public quick quickly quiet quietly quite rare rarely rather raw real reasonable
    recently relaxed relaxing ridiculous right rough rude sad safe same scary second secure separate serious
    seriously several shame short shy sick silly similar simple simply since slightly slow slowly small smart smooth
    soft solid somebody somehow someone sometimes somewhat soon sore sorted spare special specifically splendid
    still straight strange strict strong stunning stupid sudden suddenly super superb surely surprised sweet swell
    tall terrible terrific therefore thin though thus tight tiny together total totally tough true truly twice
    typical typically ugly unbelievable unfair unfortunate unfortunately unless unlucky unreal unusual upset urgent
    useful useless usual usually utterly vague very warm weak weird well wet whole wide wild wonderful worse worst
    worth wrong yet young
""")
_DONE = words("""
    accept add agree allow answer anybody appear apply arrange arrive ask attend avoid awake away began begin behave
    believe belong booked bought break breathe bring broke brought build buy came cannot care carry catch caught
    cause charge chat check choose chose clarify click complain confirm confirmed confuse consider contact continue
    cost cough coughing count cover cry cutting dance deal decide deserve die disagree disappear drank draw dream
    drink drive drop eat email end enjoy enter exist expect explain fail fall feel fight figure fill finish fit fix
    fly follow forget forgive forgot gave give goes gone grew grow guess hang happen happened hate hear heard held
    hide hit hold hoped hurt imagine improve include insist introduce joined keep kept kick kill knew knock know
    known laugh lay lead learn leave left lend let lie lift listen live load lock lose lost made make manage matter
    mean meant meet mention miss missed misspelled misspelt need notice offer order ought owe pack park parking pass
    pay paying pick plan play please pray prepare press prevent print promise prove pull push put quit reach react
    read realise realize receive recommend record refuse regret relax remain remember remind remove repeat reply
    require rest return ring rise run sat save saw say see seem seen sell send sent serve set share ship shipping
    shop shout show shut sign sing sit skip sleep smell smile smoke sneeze solve sound sounds speak spell spelled
    spelt spend stand start stay steal stick stop stopped study suggest suit suppose surprise swear swim switch take
    talk taste teach tell thank think thought throw tie told took touch train translate travel treat trust try turn
    type understand understood use used vote wait walk want warn wash waste watch wear went whisper win wipe wonder
    worry write wrote
""")
_THINGS = words("""
    account address age aid air airport alarm allergy amount animal apartment app area arm army attention aunt baby
    back bag ball bank bar bathroom beach bed bedroom beer belly bike bird birthday bitcoin blood boat body book
    boss bottle bowl box boy brain bread breakfast bridge bus business cake call camera car card cards cash cat
    chair chemist child children chips church cigarette city class clinic clock clothes coat coffee college color
    colour colours company computer concert cookie cookies couple course cousin credit crowd cup currency customer
    dad data daughter death debt deposit desk detail details dinner directions disability discount dish doctor dog
    dogs dollar dollars door doubt dress driver drug ear earth elevator emails emergency entrance error euro euros
    event evidence example exchange excuse exercise exit experience eye eyes face fact family father fear feeling
    feet fever film finger fire fish flight floor flower flu food foot football forecast fork friend friends front
    fruit game games garage garden gas gift gifts girl glass glasses government grandma grandpa group guest guests
    guys habit hair hand hands hat head headache health heart heat help hip history holiday holidays home homework
    hospital hotel house husband ice idea identification illness information insurance internet invoice issue item
    job joke journey juice key keys kid kids kitchen ladies lady language laptop law lawyer leg lesson letter level
    line list location logo loss lot luck luggage lunch machine madam mail man manager map market masks material
    meal meaning meat medicine meeting memory menu message metro milk mind minute mistake mom moment money mood
    mother mouth movie mum mummy music nail nails name names nature neck neighbour news newspaper nose note nothing
    nurse object office oil opinion option options pain painting pants paper parcel parent parents party passport
    password patient payment people pet pets phone photo photos picture pictures piece pizza place plane plant plate
    police policy pool position post power prayer present pressure price problem problems product program project
    promo purpose question questions quiz radio rash rate reason receipt receptionist recipe refund registration
    rent report reservation restaurant result review rice road room rule rules salad salary sale salt sandwich scalp
    school science score scores screen sea season seat secret sense service shampoo sheet shirt shoes shower sister
    size skin snow soap soccer society son soup space speed sport sports spring stairs station stomach store story
    street student students stuff style subway sugar surname symptom system table tax taxi tea teacher team teeth
    temperature test text thanks theater theatre thing things throat ticket tickets time tip tips tissue title
    toilet toilets tooth topic towel town toy traffic translation transport tree trick trip trouble truth tube tv
    uncle underground uniform university vacation vaccine vegan view visa visit voice voucher vouchers wall wallet
    war water way weather website wedding week weight wheelchair wi-fi wife wifi window wine winter woman women wood
    word words work world year zoo
""")
_SMALL = words("""
    above across after afternoon against along although among around because before behind being below beneath
    beside besides between beyond both bunch circa despite down during each either evening every except fewer first
    former inside into its latter mainly midday morning neither night none noon nor now off onto others ours outside
    past per plus round shall such than theirs then through throughout till today tomorrow toward towards under
    until up upon via weekend whereas wherever whether while within without yesterday yours
""")
EVERYDAY = _EXCLAIMED | _JUDGED | _DONE | _THINGS | _SMALL
