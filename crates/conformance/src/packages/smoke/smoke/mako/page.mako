<%inherit file="base.mako"/>
<%def name="title()">Page</%def>
% for name in names:
<li>${name | h}</li>
% endfor
