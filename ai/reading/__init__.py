"""Files and web pages as text, before it is cut and indexed (SR-46, SR-49).

kinds      what sort of file it is
worker     what runs in the limited process: PDF, DOCX, CSV, Markdown, HTML, sitemaps in; text out
parsing    the way there and back; one of `troubles` for whatever is wrong
thai       marks that a PDF has lost
addresses  one spelling of an address; which ones belong to a site
robots     what a site does not want to be read
web        one page, through the one guarded client
"""
