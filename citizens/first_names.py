"""First names and family names that are common in Denmark, as people write them in comments. Pure: no Django."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names that are no other Danish word: found whatever case they are written in.
FIRST_NAMES = _words(
    """
    aase abdi abdullah adam agnes agnete ahmad ahmed ahmet albert aleksander alexander alfred alma amalie amanda
    amina anders andrea andreas andrzej anette anita anja ann anna anne annelise annemarie annette annie anni anton
    arne arthur asger asta astrid axel ayse bente benjamin bent bente benny berit birger birgit birgitte birte
    birthe bitten bodil brian britta britt camilla carl carla carsten caroline cathrine cecilie charlotte christian
    christina christine christoffer claus clara conny connie dagmar dan daniel david dennis diana ditte dorte dorthe
    edith egon einar ejvind elin elisabeth elise ella ellen elna else elsebeth emil emilie emma emmy erik erika erna
    esben esther eva evy fatima fatma ferdinand flemming frans freja frede frederik frederikke frida fritz georg
    gerda gert gerner gitte grethe gudrun gunnar gurli gunhild hanna hanne hannah harald harry hassan heidi heinz
    helene helga helle henriette henrik henning henny herman herluf hilda hussein ib ibrahim ida ilse inga inge
    ingeborg ingelise inger ingrid irene irma isabella ismail ivan jack jacob jakob jan janne jannie jean jeanette
    jeanne jens jeppe jesper jette jimmy jin joan johan johanne johannes john johnny jonas jonna jonathan josefine
    julie jytte jørgen jørn kaj kai karen karin karina karl karoline karsten kasper katarzyna kate kathrine katrine
    kell keld kenneth kent khalid kirsten kirstine kjeld klaus klavs knud konrad kristian kristina kristine
    kristoffer kurt lars lasse laila laura laurits lena lene leif leila leon lilian lillian lilly linda line linnea
    lis lisa lisbet lisbeth lise lissi lissy lizzie lone lotte louise lucas ludvig lukas lærke mads magnus maja
    malene malthe margit margrethe maria mariam marianne marie mariane marina mario marius markus martha martin
    mathias mathilde mehmet merete mette mia michael michelle mikael mikkel mille minna mogens mohamed mohammad
    mohammed morten mona monica monika muhammad murat mustafa nadia nanna niels nicklas nicolai nikolaj nicoline
    nina noah nora oda ole oliver olivia olga omar orla oscar oskar osman otto oluf palle pauline pawel peder
    pernille peter pia piotr poul povl preben rahma rasmus regitze rene rené richard rikke rita robert rolf ruben
    ruth rune sabina sabine samira samir sandra sanne sara sarah sebastian selma signe sigrid silas simon simone
    sine sissel sofie sofia søren sonja stefan steffen stine sune susan susanne svend sven svenning sussi sylvia
    tage tanja tatjana tenna teresa thea theodor thomas thor thorkild tim tina tobias tommy tonny torben tove trine
    troels tina tyra ulf ulla ulrik ursula uffe vagn valdemar vera verner vibeke viggo vigdis victor viktor viktoria
    villy vilhelm vilhelmine willy vita vivi vivian william winnie yasmin yrsa yusuf zahra zainab zeynep åge åse
    øjvind
    """
)
# Names that are other words too: found only with a capital inside a sentence, or before a family name.
AMBIGUOUS = _words(
    """
    alf annika ask august bjarne bjørn bo eigil eskild finn falke frank gry hans helge iben jon kamille kim klara
    liv lea lykke maj may mai mark mie max maya nadja per pil rosa rose saga sally siv solveig steen sten stig storm
    susi tom ture tue ulrikke vilma viola vilja vår
    """
)
# Never names, though they stand in the lists above when written in small letters.
WORDS_IN_SMALL_LETTERS = _words(
    """
    ann axel dan else frede frans gert gitte hanne ib jan jack jean john kai kent lis line lise mille oda rene rune
    sine thor tim tove vagn vera vita jin
    """
)
FAMILY_NAMES = _words(
    """
    ali andersen andreasen andresen bach bak bang bech berg bertelsen bonde brandt bruun carlsen christensen
    christiansen christoffersen clausen dahl dam damgaard danielsen davidsen eriksen eskildsen fischer frandsen
    frederiksen friis gade gregersen gundersen hald hansen hassan hedegaard henriksen hermansen hoffmann holm holst
    hussein iversen jakobsen jacobsen jensen jeppesen jepsen jespersen jessen johannesen johannsen johansen johnsen
    juhl justesen jørgensen karlsen kjeldsen kjær klausen knudsen koch kristensen kristiansen kristoffersen krogh
    larsen lassen lauridsen lauritsen laursen lind lorenzen lund madsen markussen mathiesen mathiasen mikkelsen
    mogensen mortensen møller mølgaard nguyen nielsen nikolajsen nissen nygaard nørgaard olesen olsen ottosen
    overgaard paulsen pedersen petersen poulsen povlsen rasmussen riis schmidt schou schultz severinsen simonsen
    skov skovgaard steffensen sommer svendsen sørensen thomsen thorsen thygesen toft villadsen villumsen vestergaard
    winther østergaard
    """
)
# What a person is called before the name.
TITLES = _words(
    """
    hr fr fru frk frøken dr doktor doktoren læge lægen overlæge sygeplejerske sygeplejersken hjemmehjælper
    hjemmehjælperen hjælper hjælperen plejer plejeren pædagog pædagogen lærer læreren lærerinde klasselærer
    klasselæreren leder lederen afdelingsleder afdelingslederen skoleleder skolelederen sagsbehandler
    sagsbehandleren rådgiver rådgiveren socialrådgiver socialrådgiveren terapeut terapeuten fysioterapeut
    ergoterapeut visitator visitatoren assistent assistenten sosu vikar vikaren kollega kollegaen nabo naboen datter
    datteren søn sønnen mor far mand manden kone konen ægtefælle hustru søster bror moster faster mormor farmor
    morfar farfar beboer beboeren chef chefen direktør direktøren kontaktperson kontaktpersonen hedder
    """
)
# A name before one of these is a road, a school or a home.
PLACES = _words(
    """
    vej vejen gade gaden allé plads pladsen skole skolen plejecenter plejehjem plejehjemmet center centret centeret
    kirke hospital sygehus bibliotek børnehave minde park parken torv boulevard stræde kommune region
    """
)
# Capitalised in the middle of a sentence, and no persons.
NOT_NAMES = _words(
    """
    i jeg du han hun vi det der man men og så når hvis hvad ja nej de dem deres jer danmark københavn aarhus odense
    aalborg dansk jul gud mitid nemid borger.dk facebook google covid corona sosu kommunen byrådet regionen
    jobcenter jobcentret borgerservice visitationen hjemmeplejen falck
    """
)
