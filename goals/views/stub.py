from django.http import HttpResponse
from organisation.access import requires
from organisation.permissions import Permission
@requires(Permission.SEE_AUTHORITY)
def stub(request, **kw): return HttpResponse("stub")
