import cv2
import numpy as np


def use():
    picture = np.zeros((60, 60, 3), np.uint8)
    cv2.circle(picture, (30, 30), 20, (255, 0, 0), -1)
    done, packed = cv2.imencode(".png", picture)
    again = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    edges = cv2.Canny(cv2.GaussianBlur(again, (5, 5), 0), 50, 150)
    contours, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return [done, bool((again == picture).all()), len(contours), int(edges.sum()), cv2.__version__]
