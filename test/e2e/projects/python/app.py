from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return "python says hello\n"


@app.get("/healthz")
def healthz():
    return "ok\n"
