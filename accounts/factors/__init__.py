"""The second step of signing in: an app with codes, passkeys, recovery codes (SR-17).

django-allauth carries the flows; what stands here is what it leaves to us or does otherwise than we need:

    adapter   secrets are encrypted; under which name authenticator apps and passkeys know us
    codes     a code is taken once, under the row's lock
    forms     tries are counted over all networks; a stranger's bytes are never an error page
    views     its views with our pages around them
"""
