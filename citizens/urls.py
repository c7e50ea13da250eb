from citizens.routes import answering, hearings, loop, results, surveys

app_name = "citizens"

urlpatterns = [
    *surveys.urlpatterns,
    *results.urlpatterns,
    *loop.urlpatterns,
    *hearings.urlpatterns,
    *answering.urlpatterns,
]
