from citizens.routes import answering, hearings, loop, methods, results, surveys, workshops

app_name = "citizens"

urlpatterns = [
    *surveys.urlpatterns,
    *results.urlpatterns,
    *loop.urlpatterns,
    *methods.urlpatterns,
    *hearings.urlpatterns,
    *answering.urlpatterns,
    *workshops.urlpatterns,
]
