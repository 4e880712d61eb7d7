from rdkit import Chem
from rdkit.Chem import AllChem, Descriptors
from rdkit.Chem.Draw import rdMolDraw2D


def use():
    aspirin = Chem.MolFromSmiles("CC(=O)OC1=CC=CC=C1C(=O)O")
    drawing = rdMolDraw2D.MolDraw2DSVG(200, 200)
    drawing.DrawMolecule(aspirin)
    drawing.FinishDrawing()
    whole = Chem.AddHs(aspirin)
    return [
        Chem.MolToSmiles(aspirin),
        round(Descriptors.MolWt(aspirin), 3),
        aspirin.HasSubstructMatch(Chem.MolFromSmarts("C(=O)O")),
        "<svg" in drawing.GetDrawingText(),
        AllChem.EmbedMolecule(whole, randomSeed=1),
    ]
